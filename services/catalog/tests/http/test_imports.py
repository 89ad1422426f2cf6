"""A merchant's catalogue as a file: row 110."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.test import TestResponse

from catalog_service.store.search import zero_results_of
from catalog_service.testing import Stall, a_mug, a_sku, csv_of, lan, mei
from shop_events.testing.waiting import eventually

COLUMNS = "product_id,status,title_zh,category,sku_code,options,price,weight_g"
CUPS = csv_of(
    ("P1", "published", "马克杯", "cups", "P1-B", "颜色=蓝", "19.90", "400"),
    ("P1", "", "", "", "P1-W", "颜色=白", "17.90", "400"),
    ("P2", "published", "碗", "Home > Kitchen", "P2", "", "9.90", "300"),
    columns=COLUMNS,
)


def counts(done: dict) -> tuple[int, int, int, int]:
    return done["created"], done["changed"], done["unchanged"], done["rows_failed"]


def told(done: dict) -> list[tuple[int, str]]:
    return [(one["row"], one["column"]) for one in done["errors"]]


def test_row_110_a_file_becomes_products_one_row_a_sku(stall: Stall) -> None:
    done = stall.imports(CUPS)

    assert (done["state"], done["percent"], done["rows_read"]) == ("done", 100, 3)
    assert counts(done) == (2, 0, 0, 0)
    assert sorted(stall.finds()) == ["碗", "马克杯"]
    assert stall.lists(category="cups")["items"][0]["price_from"]["amount"] == "17.90"
    assert stall.problems() == []


def test_row_110_the_same_file_again_changes_nothing_and_tells_nobody(quick_stall: Stall) -> None:
    quick_stall.imports(CUPS)
    before = len(quick_stall.bench.events())

    again = quick_stall.imports(CUPS)
    dearer = quick_stall.imports(CUPS.replace("9.90,300", "10.90,300"))

    assert counts(again) == (0, 0, 2, 0)
    assert counts(dearer) == (0, 1, 1, 0)
    assert len(quick_stall.bench.events()) == before + 1


def test_row_110_a_dry_run_tells_the_same_and_does_nothing(quick_stall: Stall) -> None:
    bad = CUPS + "P3,published,盘,nowhere,P3,,1.00,1\n"

    dry = quick_stall.imports(bad, dry_run="true")
    assert quick_stall.finds() == []
    assert quick_stall.bench.events() == []
    real = quick_stall.imports(bad)

    assert (
        (counts(dry), told(dry)) == (counts(real), told(real)) == ((2, 0, 0, 1), [(5, "category")])
    )


def test_row_110_every_bad_row_is_told_with_its_column_and_the_others_are_taken(
    quick_stall: Stall,
) -> None:
    file = csv_of(
        ("P1", "published", "=HYPERLINK()", "cups", "P1", "", "19.90", "400"),
        ("P2", "sold", "碗", "cups", "P2", "", "free", "-3"),
        ("", "", "盘", "cups", "P3", "", "1.00", "1"),
        ("P4", "published", "杯", "nowhere", "P4", "", "1.00", "1"),
        ("P5", "published", "杯", "cups", "P5", "blue", "1.00", "1"),
        ("P6", "published", "杯", "cups", "P6", "", "", "1"),
        ("P7", "published", "杯", "cups"),
        ("P8", "published", "好", "cups", "P8", "", "1.00", "1"),
        ("P9", "published", "好", "cups", "P8", "", "1.00", "1"),
        columns=COLUMNS,
    )

    done = quick_stall.imports(file)

    assert set(told(done)) == {
        (2, "title_zh"),
        (3, "status"),
        (3, "price"),
        (3, "weight_g"),
        (4, "product_id"),
        (5, "category"),
        (6, "options"),
        (7, "skus"),  # no price: kept as a draft
        (8, ""),
        (10, "sku_code"),
    }
    assert done["errors_count"] == 10
    assert "apostrophe" in done["errors"][0]["message"] or "formula" in str(done["errors"])
    assert quick_stall.finds() == ["好"]
    assert quick_stall.problems() == []


def test_row_110_a_quote_that_is_never_closed_costs_one_row(quick_stall: Stall) -> None:
    head, *rows = CUPS.splitlines()
    file = "\n".join([head, 'P0,published,"oops,cups,P0,,1.00,1', *rows, ""])

    done = quick_stall.imports(file)

    assert told(done) == [(2, "")]
    assert "quote" in done["errors"][0]["message"]
    assert sorted(quick_stall.finds()) == ["碗", "马克杯"]


def test_row_110_a_cell_of_ten_megabytes_is_refused_and_the_next_row_taken(
    quick_stall: Stall,
) -> None:
    head, *rows = CUPS.splitlines()
    huge = f"P0,published,{'x' * 10_000_000},cups,P0,,1.00,1"

    done = quick_stall.imports("\n".join([head, huge, *rows, ""]))

    assert told(done) == [(2, "")]
    assert "longer than 256 KiB" in done["errors"][0]["message"]
    assert len(quick_stall.finds()) == 2


def test_row_110_gbk_is_read_and_told(quick_stall: Stall) -> None:
    done = quick_stall.imports(CUPS.encode("gbk"))

    assert done["encoding"] == "GBK"
    assert sorted(quick_stall.finds()) == ["碗", "马克杯"]


def test_a_file_that_cannot_be_read_is_refused_at_once(quick_stall: Stall) -> None:
    refused = {
        "empty": b"",
        "utf-16": CUPS.encode("utf-16"),
        "bytes": b"product_id,sku_code\n\xff\xff\xff",
        "columns": b"product_id,colour\nP1,blue\n",
        "twice": b"product_id,sku_code,price,price\n",
    }

    answers = {name: quick_stall.hands_in(file) for name, file in refused.items()}

    assert {name: one.status_code for name, one in answers.items()} == dict.fromkeys(refused, 422)
    assert set(answers["columns"].get_json()["errors"]) == {"colour", "sku_code"}
    assert list(answers["twice"].get_json()["errors"]) == ["price"]
    json = quick_stall.bench.client(mei).post("/catalog/imports", {"product_id": "P1"})
    assert json.status_code == 415


def test_row_110_categories_are_made_only_where_that_was_asked_for(quick_stall: Stall) -> None:
    file = csv_of(
        ("P1", "published", "锅", "居家 > 餐厨 > 锅具", "P1", "", "99.00", "900"), columns=COLUMNS
    )

    assert counts(quick_stall.imports(file)) == (0, 0, 0, 1)
    assert counts(quick_stall.imports(file, create_categories="true")) == (1, 0, 0, 0)

    (home,) = quick_stall.bench.client().get("/catalog/categories").get_json()["items"]
    below = {one["title"]: one["count"] for one in home["children"][0]["children"]}
    assert below == {"杯子": 0, "锅具": 1}


def test_row_110_an_export_imported_again_changes_nothing(quick_stall: Stall) -> None:
    odd = {"zh-CN": "=1+1", "en": 'A "mug", or\ntwo'}
    quick_stall.sells(a_mug(titles=odd, skus=[a_sku("-M", options={"a|b": "c=d"})]))
    quick_stall.sells(a_mug(skus=[a_sku("N", volume_cm3=800)]))

    exported = quick_stall.bench.client(mei).get("/catalog/export")
    text = exported.get_data(as_text=True)
    done = quick_stall.imports(text)

    assert exported.headers["Content-Type"].startswith("text/csv")
    assert "'=1+1" in text
    assert ",420,800," in text, "row 42: by weight and volume"
    assert (counts(done), done["errors"]) == ((0, 0, 2, 0), [])
    assert (
        quick_stall.bench.client(lan).get("/catalog/export").get_data(as_text=True).count("\n") == 1
    )


def test_row_110_a_worker_that_dies_between_two_batches_repeats_and_loses_nothing(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog_service.usecases.work_import.ROWS_AT_ONCE", 2)
    import_id = stall.hands_in(CUPS).get_json()["id"]
    (chore,) = (one for one in stall.bench.service.chores if one.name == "work-imports")
    chore.run(stall.bench.runtime)

    with monkeypatch.context() as broken:
        broken.setattr("catalog_service.store.listings.put", dies)
        with pytest.raises(PowerCut):
            chore.run(stall.bench.runtime)
    half = stall.bench.client(mei).get(f"/catalog/imports/{import_id}").get_json()
    assert (half["state"], half["rows_read"]) == ("running", 2)
    stall.bench.do_chores()

    done = stall.bench.client(mei).get(f"/catalog/imports/{import_id}").get_json()
    assert (done["state"], counts(done)) == ("done", (2, 0, 0, 0))
    assert len(stall.bench.events()) == 2
    assert stall.problems() == []


class PowerCut(Exception):
    """The machine is gone."""


def dies(*_given: object) -> None:
    raise PowerCut


def test_an_import_that_fails_for_our_own_reasons_is_given_up_and_says_so(
    quick_stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = quick_stall.hands_in(CUPS).get_json()["id"]
    (chore,) = (one for one in quick_stall.bench.service.chores if one.name == "work-imports")
    monkeypatch.setattr("catalog_service.store.listings.put", dies)

    for _ in range(5):
        with pytest.raises(PowerCut):
            chore.run(quick_stall.bench.runtime)

    done = quick_stall.bench.client(mei).get(f"/catalog/imports/{import_id}").get_json()
    assert (done["state"], done["errors_count"]) == ("failed", 1)
    assert chore.run(quick_stall.bench.runtime) == 0


def test_an_import_is_its_merchants_own_and_one_at_a_time(quick_stall: Stall) -> None:
    first = quick_stall.hands_in(CUPS)
    address = first.headers["Location"]

    second = quick_stall.hands_in(CUPS)

    assert (second.status_code, second.get_json()["code"]) == (409, "import_under_way")
    assert quick_stall.bench.client(lan).get(address).status_code == 404
    assert quick_stall.hands_in(CUPS, lan).status_code == 202


def test_e7_a_repeated_file_is_one_import(stall: Stall) -> None:
    def hands_in(file: str, key: str = "spring") -> TestResponse:
        client, form = stall.bench.client(mei), {"content_type": "text/csv"}
        return client.post("/catalog/imports", key=key, data=file.encode(), **form)

    first = hands_in(CUPS)
    stall.bench.do_chores()  # so that nothing is under way that would refuse a second one

    again, other, anew = hands_in(CUPS), hands_in(CUPS + "\n"), hands_in(CUPS, "autumn")

    assert (again.status_code, again.get_json()["id"]) == (202, first.get_json()["id"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")
    assert anew.get_json()["id"] != first.get_json()["id"]


def test_two_workers_share_the_work_and_do_each_row_once(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog_service.usecases.work_import.ROWS_AT_ONCE", 5)
    rows = [(f"P{n}", "published", "杯", "cups", f"S{n}", "", "1.00", "1") for n in range(40)]
    answer = stall.hands_in(csv_of(*rows, columns=COLUMNS))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: stall.bench.do_chores(), range(2)))
    eventually(lambda: not stall.bench.do_chores())

    done = stall.bench.client(mei).get(answer.headers["Location"]).get_json()
    assert (done["state"], counts(done)) == ("done", (40, 0, 0, 0))
    assert len(stall.bench.events()) == 80 - 40
    assert stall.problems() == []


def test_row_110_a_long_file_takes_no_more_memory_than_a_short_one(quick_stall: Stall) -> None:
    def peak(rows: int, start: int) -> int:
        file = csv_of(
            *(
                (f"P{n}", "draft", "x" * 8_000, "cups", f"S{n}", "", "1.00", "1")
                for n in range(start, start + rows)
            ),
            columns=COLUMNS.replace("title_zh", "description_zh"),
        )
        quick_stall.hands_in(file, dry_run="true")
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        quick_stall.bench.do_chores()
        return tracemalloc.get_traced_memory()[1] - before

    tracemalloc.start()
    try:
        few, many = peak(100, 0), peak(300, 10_000)
    finally:
        tracemalloc.stop()

    assert many < few + 1_000_000, (few, many)


def test_what_nobody_asks_for_any_more_is_forgotten(quick_stall: Stall) -> None:
    old = quick_stall.imports(CUPS)["id"]
    quick_stall.finds(q="hovercraft")

    quick_stall.bench.advance(91 * 86_400)
    recent = quick_stall.imports(CUPS)["id"]
    quick_stall.bench.do_chores()

    client = quick_stall.bench.client(mei)
    kept = [client.get(f"/catalog/imports/{one}").status_code for one in (old, recent)]
    assert kept == [404, 200]
    with quick_stall.bench.database.read() as connection:
        assert zero_results_of(connection, at_most=5) == []


def test_a_file_that_calls_it_a_draft_makes_nothing_unfit_that_is_for_sale(
    quick_stall: Stall,
) -> None:
    columns = "product_id,status,title_zh,category,sku_code,price,active"
    quick_stall.imports(
        csv_of(("P1", "published", "碗", "cups", "P1", "9.90", ""), columns=columns)
    )

    done = quick_stall.imports(csv_of(("P1", "draft", "", "", "P1", "", "no"), columns=columns))

    assert told(done) == [(2, "skus")]
    assert quick_stall.finds() == ["碗"]
