"""What admins do with the tree of categories."""

from catalog_service.testing import Stall, ada


def test_a_category_is_changed_by_whoever_has_seen_it_as_it_is(quick_stall: Stall) -> None:
    client, path = quick_stall.bench.client(ada), "/catalog/categories/cups"
    read = client.get(f"{path}?locale=en")
    as_read = {"If-Match": read.headers["ETag"]}
    body = {"parent": "kitchen", "titles": {"zh-CN": "杯子", "en": "Cups"}}

    renamed = client.put(path, body | {"titles": {"en": "Mugs"}}, headers=as_read)
    stale = client.put(path, body | {"position": 7}, headers=as_read)
    unseen = client.put("/catalog/categories/jars", body, headers={"If-Match": "*"})
    now = client.get(path)
    moved = client.put(path, body | {"position": 7}, headers={"If-Match": now.headers["ETag"]})

    assert [one.status_code for one in (renamed, stale, unseen, moved)] == [200, 412, 412, 200]
    assert stale.get_json()["code"] == "precondition_failed"
    assert (renamed.headers["ETag"], now.get_json()["title"]) == (now.headers["ETag"], "Mugs")
    assert client.get("/catalog/categories/jars").status_code == 404


def test_a_category_lies_neither_below_itself_nor_too_deep(quick_stall: Stall) -> None:
    loop = quick_stall.puts_category("home", "cups", {"en": "Home"})
    quick_stall.puts_category("four", "cups", {"en": "4"})
    quick_stall.puts_category("five", "four", {"en": "5"})
    deep = quick_stall.puts_category("six", "five", {"en": "6"})
    orphan = quick_stall.puts_category("x", "nowhere", {"en": "X"})

    assert [one.get_json()["code"] for one in (loop, deep)] == ["category_loop"] * 2
    assert list(orphan.get_json()["errors"]) == ["parent"]
