"""What merchants do with their products (row 109), and what they may not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from catalog_service.testing import Stall, a_mug, a_sku, a_teapot, ada, at, lan, mei, price
from chassis.testing import shopper
from shop_events.contracts.catalog import ProductStatus


def test_every_change_is_told_with_its_version(stall: Stall) -> None:
    product = stall.sells()
    stall.bench.client(mei).patch(f"/catalog/products/{product['id']}", {"brand": "青窑"})

    told = stall.told(product["id"])

    assert [one.version for one in told] == [1, 2, 3]
    assert [one.status for one in told] == [
        ProductStatus.DRAFT,
        ProductStatus.PUBLISHED,
        ProductStatus.PUBLISHED,
    ]
    assert told[-1].category_path == ("home", "kitchen", "cups")
    assert [sku.price.amount for sku in told[-1].skus] == ["19.90", "17.90"]
    assert stall.problems() == []


def test_a_change_that_changes_nothing_is_not_told(quick_stall: Stall) -> None:
    product = quick_stall.sells()

    same = quick_stall.bench.client(mei).patch(
        f"/catalog/products/{product['id']}", {"brand": product["brand"]}
    )

    assert same.headers["ETag"] == '"v2"'
    assert len(quick_stall.told(product["id"])) == 2


def test_what_is_missing_blocks_publishing_and_is_told(quick_stall: Stall) -> None:
    twice = [a_sku("A", options={"颜色": "蓝"}), a_sku("B", options={"颜色": "蓝"}, cost=None)]
    draft = quick_stall.drafts({"titles": {"zh-CN": "杯"}, "skus": twice})

    answer = quick_stall.bench.client(mei).post(f"/catalog/products/{draft['id']}/publish", {})

    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (422, "product_not_publishable")
    assert problem["errors"]["category"] == ["It has no category."]
    assert problem["errors"]["skus"] == [
        "The SKU B has no price.",
        "The SKUs A, B have the same options.",
    ]
    assert problem["errors"] == draft["problems"]


def test_what_is_for_sale_cannot_be_made_unfit_for_it(quick_stall: Stall) -> None:
    product = quick_stall.sells()

    answer = quick_stall.bench.client(mei).patch(f"/catalog/products/{product['id']}", {"skus": []})

    assert (answer.status_code, answer.get_json()["code"]) == (422, "product_not_publishable")
    assert quick_stall.finds() == ["手工马克杯"]


def test_a_sku_that_is_no_longer_named_stays_inactive(quick_stall: Stall) -> None:
    product = quick_stall.sells()

    changed = quick_stall.bench.client(mei).patch(
        f"/catalog/products/{product['id']}", {"skus": [a_sku("MUG-BLUE", cost="21.00")]}
    )

    ids = [sku["sku_id"] for sku in product["skus"]]
    assert [(sku["sku_id"], sku["active"]) for sku in changed.get_json()["skus"]] == [
        (ids[0], True),
        (ids[1], False),
    ]
    assert [sku.active for sku in quick_stall.told(product["id"])[-1].skus] == [True, False]
    assert quick_stall.lists()["items"][0]["price_from"] == price("21.00")


def test_an_edit_of_what_somebody_else_changed_meanwhile_is_refused(quick_stall: Stall) -> None:
    product = quick_stall.drafts()
    client = quick_stall.bench.client(mei)
    read = client.get(f"/merchant/products/{product['id']}")
    address, tag = f"/catalog/products/{product['id']}", {"If-Match": read.headers["ETag"]}

    first = client.patch(address, {"brand": "一"}, headers=tag)
    second = client.patch(address, {"brand": "二"}, headers=tag)
    odd = client.patch(address, {"brand": "三"}, headers={"If-Match": "W/x"})

    assert (first.status_code, second.status_code, odd.status_code) == (200, 412, 400)
    assert client.get(f"/merchant/products/{product['id']}").get_json()["brand"] == "一"


def test_row_109_a_product_is_published_at_its_hour(stall: Stall) -> None:
    hour = stall.bench.clock.now() + timedelta(hours=1)
    product = stall.drafts()
    planned = stall.publishes(product["id"], at=at(hour))
    assert (planned["status"], planned["publish_at"]) == ("draft", at(hour))
    assert stall.problems() == []

    stall.bench.advance(3599)
    assert stall.finds() == []
    stall.bench.advance(1)

    assert stall.finds() == ["手工马克杯"]
    assert stall.problems() == []


def test_what_became_unfit_before_its_hour_stays_a_draft(quick_stall: Stall) -> None:
    product = quick_stall.drafts()
    quick_stall.publishes(product["id"], at=at(quick_stall.bench.clock.now() + timedelta(hours=1)))
    client = quick_stall.bench.client(mei)
    client.patch(f"/catalog/products/{product['id']}", {"skus": []})

    quick_stall.bench.advance(3600)

    now = client.get(f"/merchant/products/{product['id']}").get_json()
    assert (now["status"], now["publish_at"]) == ("draft", None)
    assert "skus" in now["problems"]


def test_row_109_many_products_change_together_or_not_at_all(stall: Stall) -> None:
    mug = stall.sells()
    bowl = stall.sells(a_mug(titles={"en": "Bowl"}, skus=[a_sku("BOWL")]))
    pot = stall.sells(a_teapot(), lan)
    client = stall.bench.client(mei)

    def change(product: dict, **more: object) -> dict:
        return {"product_id": product["id"], **more}

    cheaper = [{"sku_id": mug["skus"][0]["sku_id"], "price": price("9.90")}]
    foreign = client.post(
        "/merchant/products/bulk", {"changes": [change(mug, prices=cheaper), change(pot)]}
    )
    unknown = [{"sku_id": "nothing", "price": price("9.90")}]
    odd = client.post("/merchant/products/bulk", {"changes": [change(mug, prices=unknown)]})
    assert (foreign.status_code, foreign.get_json()["code"]) == (404, "product_not_found")
    assert list(odd.get_json()["errors"]) == ["changes.0.prices"]
    assert stall.lists(sort="price_asc")["items"][0]["price_from"] == price("17.90")

    done = client.post(
        "/merchant/products/bulk",
        {"changes": [change(mug, prices=cheaper), change(bowl, status="withdrawn")]},
    )

    assert done.status_code == 200
    assert stall.finds(sort="price_asc") == ["手工马克杯", "紫砂茶壶"]
    assert stall.problems() == []


def test_row_109_the_history_tells_who_made_a_product_what_it_was(quick_stall: Stall) -> None:
    product = quick_stall.sells()

    answer = quick_stall.bench.client(mei).get(
        f"/catalog/products/{product['id']}/versions?limit=1"
    )

    page = answer.get_json()
    (newest,) = page["items"]
    assert (newest["version"], newest["by"], newest["why"]) == (2, "mei", "published")
    assert newest["product"]["skus"][0]["sku_code"] == "MUG-BLUE"
    older = quick_stall.bench.client(mei).get(
        f"/catalog/products/{product['id']}/versions?cursor={page['next_cursor']}"
    )
    assert [one["version"] for one in older.get_json()["items"]] == [1]


def test_e7_a_repeated_draft_is_one_product(quick_stall: Stall) -> None:
    client = quick_stall.bench.client(mei)

    first, again = (client.post("/catalog/products", a_mug(), key="k1") for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.get_json() == first.get_json()
    assert {one.headers["ETag"] for one in (first, again)} == {'"v1"'}
    assert again.headers["Location"] == first.headers["Location"]
    assert client.post("/catalog/products", a_mug(), key="k2").get_json()["code"] == "code_taken"


def test_a_code_stands_for_one_thing_of_a_merchant(quick_stall: Stall) -> None:
    quick_stall.drafts(a_mug(external_id="X-1"))
    client = quick_stall.bench.client(mei)

    codes = client.post("/catalog/products", a_mug())
    ids = client.post("/catalog/products", a_mug(external_id="X-1", skus=[]))

    assert [(one.status_code, one.get_json()["code"]) for one in (codes, ids)] == [
        (409, "code_taken")
    ] * 2
    quick_stall.drafts(a_mug(), lan)  # another merchant's codes are his own


def test_two_products_that_ask_for_one_code_at_once_do_not_both_get_it(stall: Stall) -> None:
    stall.bench.app  # noqa: B018 - made once, before the threads ask for it

    def post(_: int) -> int:
        return stall.bench.client(mei).post("/catalog/products", a_mug()).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(post, range(4)))

    assert answers == [201, 409, 409, 409]


BAD = {
    "skus.0.price": {"skus": [{"sku_code": "A", "price": price("-1.00")}]},
    "skus.0.weight_g": {"skus": [{"sku_code": "A", "weight_g": 10**15}]},
    "skus.0.volume_cm3": {"skus": [{"sku_code": "A", "volume_cm3": -1}]},
    "skus.0.sku_id": {"skus": [{"sku_code": "A", "sku_id": "mine"}]},
    "skus": {"skus": [{"sku_code": "A"}, {"sku_code": "A"}]},
    "titles.fr": {"titles": {"fr": "Tasse"}},
    "titles.en": {"titles": {"en": "  "}},
    "category": {"category": "nowhere"},
    "images": {"images": ["0" * 64]},
    "status": {"status": "published"},
    "merchant_id": {"merchant_id": "m-lan"},
}


def test_a_bad_body_is_refused_and_its_field_named(quick_stall: Stall) -> None:
    client = quick_stall.bench.client(mei)

    for field, body in BAD.items():
        answer = client.post("/catalog/products", body)
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])
    assert client.get("/merchant/products").get_json()["items"] == []


def test_prices_in_another_currency_are_refused(quick_stall: Stall) -> None:
    skus = [{"sku_code": "A", "price": price("1.00", "USD")}]

    answer = quick_stall.bench.client(mei).post("/catalog/products", {"skus": skus})

    assert answer.get_json()["errors"] == {"skus.0.price": ["This shop sells in CNY."]}


def test_somebody_elses_product_answers_like_a_missing_one(quick_stall: Stall) -> None:
    theirs = quick_stall.drafts(a_teapot(), lan)["id"]
    client = quick_stall.bench.client(mei)

    for method, path, body in (
        ("PATCH", "/catalog/products/{}", {"brand": "x"}),
        ("DELETE", "/catalog/products/{}", None),
        ("POST", "/catalog/products/{}/publish", {}),
        ("GET", "/catalog/products/{}/versions", None),
        ("GET", "/merchant/products/{}", None),
        ("GET", "/catalog/products/{}", None),
    ):
        answers = [client.send(method, path.format(one), body) for one in (theirs, "missing")]
        assert [one.status_code for one in answers] == [404, 404], path
        said = [one.get_json()["detail"].replace(theirs, "missing") for one in answers]
        assert said[0] == said[1]
    assert client.get("/merchant/products").get_json()["items"] == []


def test_only_merchants_write_products_and_only_admins_the_tree(quick_stall: Stall) -> None:
    bench = quick_stall.bench

    assert bench.client(shopper()).post("/catalog/products", a_mug()).status_code == 403
    assert bench.client(ada).post("/catalog/products", a_mug()).status_code == 403
    assert bench.client().post("/catalog/products", a_mug()).status_code == 401
    root = {"titles": {"en": "Mine"}}
    assert bench.client(mei).put("/catalog/categories/mine", root).status_code == 403


def test_a_development_shop_is_filled_with_ids_known_before(quick_stall: Stall) -> None:
    body = a_mug(skus=[a_sku("MUG", sku_id="sku-mug")], publish=True)

    made = quick_stall.bench.client(mei).post("/dev/products", body)
    again = quick_stall.bench.client(lan).post("/dev/products", body)

    assert (made.status_code, made.get_json()["skus"][0]["sku_id"]) == (201, "sku-mug")
    assert again.get_json()["code"] == "code_taken"
    assert quick_stall.finds() == ["手工马克杯"]
