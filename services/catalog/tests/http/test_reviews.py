"""Row 109: in a shop that reviews, buyers see what an admin approved, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from catalog_service.service import service
from catalog_service.store import tables as t
from catalog_service.testing import MEI, Body, Stall, a_mug, a_sku, ada, at, csv_of, mei, price
from chassis.testing import Bench, bench_fixture, shopper
from shop_events.contracts.catalog import ProductStatus

strict_bench = bench_fixture(service, review_before_publish=True)
quick_strict_bench = bench_fixture(service, kinds=("sqlite",), review_before_publish=True)

REVIEWS = "/admin/products/reviews"


@pytest.fixture
def strict(strict_bench: Bench) -> Stall:
    return Stall(strict_bench)


@pytest.fixture
def quick_strict(quick_strict_bench: Bench) -> Stall:
    return Stall(quick_strict_bench)


def waiting(stall: Stall, query: str = "") -> Body:
    return dict(stall.bench.client(ada).get(REVIEWS + query).get_json())


def approve(stall: Stall, product: Body, version: int | None = None) -> TestResponse:
    tag = {"If-Match": f'"v{version or product["version"]}"'}
    address = f"/admin/products/{product['id']}/approve"
    return stall.bench.client(ada).post(address, headers=tag)


def send_back(stall: Stall, product: Body, reason: str, **headers: Any) -> TestResponse:
    address = f"/admin/products/{product['id']}/send-back"
    return stall.bench.client(ada).post(address, {"reason": reason}, **headers)


def edits(stall: Stall, product: Body, **said: Any) -> Body:
    answer = stall.bench.client(mei).patch(f"/catalog/products/{product['id']}", said)
    assert answer.status_code == 200, answer.get_json()
    return dict(answer.get_json())


def reads(stall: Stall, product: Body) -> Body:
    return dict(stall.bench.client(mei).get(f"/merchant/products/{product['id']}").get_json())


def test_row_109_what_nobody_approved_is_for_nobody_to_see(strict: Stall) -> None:
    product = strict.sells()

    assert (product["status"], product["published_at"]) == ("in_review", None)
    assert strict.finds() == []
    assert strict.bench.client().get(f"/catalog/products/{product['id']}").status_code == 404
    (shown,) = waiting(strict)["items"]
    assert shown == product | {"merchant_id": MEI}

    first, again = (approve(strict, product) for _ in range(2))

    assert first.get_json()["status"] == "published"
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    assert first.headers["ETag"] == again.headers["ETag"] == '"v3"'
    assert [one.status.value for one in strict.told(product["id"])] == [
        *("draft", "draft", "published")
    ]
    assert (strict.finds(), waiting(strict)["items"]) == (["手工马克杯"], [])
    assert strict.problems() == []


def test_row_109_prices_change_freely_and_words_do_not(strict: Stall) -> None:
    product = strict.sells()
    approve(strict, product)
    skus = product["skus"]
    cheaper = [a_sku("MUG-BLUE", cost="9.90"), a_sku("MUG-WHITE", active=False)]

    assert edits(strict, product, skus=cheaper)["status"] == "published"
    changed = edits(strict, product, titles={"zh-CN": "名牌杯"})

    assert changed["status"] == "in_review"
    assert strict.finds() == []
    assert strict.told(product["id"])[-1].status is ProductStatus.WITHDRAWN
    assert [sku["sku_id"] for sku in changed["skus"]] == [sku["sku_id"] for sku in skus]
    assert edits(strict, product, titles=product["titles"])["status"] == "published"
    assert strict.finds() == ["手工马克杯"]
    assert strict.problems() == []


def test_row_109_a_planned_product_waits_for_its_hour_and_its_approval(strict: Stall) -> None:
    hour = strict.bench.clock.now() + timedelta(hours=1)
    early, late = strict.drafts(), strict.drafts(a_mug(titles={"en": "Cup"}, skus=[a_sku("C")]))
    early, late = (strict.publishes(one["id"], at=at(hour)) for one in (early, late))
    assert [one["status"] for one in (early, late)] == ["in_review"] * 2

    approved = approve(strict, early).get_json()
    assert (approved["status"], approved["publish_at"]) == ("draft", at(hour))
    assert strict.finds() == []
    strict.bench.advance(3600)

    assert strict.finds() == ["手工马克杯"]
    still = reads(strict, late)
    assert (still["status"], still["publish_at"]) == ("in_review", None)
    assert approve(strict, still).get_json()["status"] == "published"
    assert len(strict.finds()) == 2
    assert strict.problems() == []


def test_nobody_approves_what_changed_under_their_eyes(quick_strict: Stall) -> None:
    seen = quick_strict.sells()
    quick_strict.bench.advance(1)
    changed = edits(quick_strict, seen, brand="名牌")
    blind = quick_strict.bench.client(ada).post(f"/admin/products/{seen['id']}/approve")
    stale = approve(quick_strict, seen)
    tag = {"If-Match": f'"v{seen["version"]}"'}
    also_stale = send_back(quick_strict, seen, "No.", headers=tag)

    assert (blind.status_code, blind.get_json()["code"]) == (428, "precondition_required")
    assert [stale.status_code, also_stale.status_code] == [412, 412]
    assert changed["review_since"] == seen["review_since"]  # its place in the queue stays
    assert approve(quick_strict, changed).get_json()["brand"] == "名牌"


def test_a_merchant_reads_why_a_product_was_sent_back(quick_strict: Stall) -> None:
    hour = quick_strict.bench.clock.now() + timedelta(hours=1)
    draft = quick_strict.drafts()
    quick_strict.publishes(draft["id"], at=at(hour))

    first, again = (send_back(quick_strict, draft, "Whose logo is that?") for _ in range(2))

    assert (again.status_code, again.get_json()) == (200, first.get_json())
    own = reads(quick_strict, draft)
    assert (own["status"], own["sent_back"]) == ("draft", "Whose logo is that?")
    quick_strict.bench.advance(3600)
    assert reads(quick_strict, draft)["status"] == "draft"  # it is no longer planned
    assert quick_strict.publishes(draft["id"])["sent_back"] is None
    whys = quick_strict.bench.client(mei).get(f"/catalog/products/{draft['id']}/versions")
    assert [(one["why"], one["by"]) for one in whys.get_json()["items"]] == [
        ("in_review", "mei"),
        ("sent back", "ada"),
        ("in_review", "mei"),
        ("created", "mei"),
    ]
    assert quick_strict.problems() == []


def test_no_way_leads_around_a_review(quick_strict: Stall) -> None:
    mug = quick_strict.drafts()
    change = {"product_id": mug["id"], "status": "published"}
    bulk = quick_strict.bench.client(mei).post("/merchant/products/bulk", {"changes": [change]})
    file = csv_of(
        ("P1", "published", "碗", "cups", "P1", "9.90"),
        columns="product_id,status,title_zh,category,sku_code,price",
    )
    imported, again = quick_strict.imports(file), quick_strict.imports(file)
    exported = quick_strict.bench.client(mei).get("/catalog/export").get_data(as_text=True)
    back = quick_strict.imports(exported)

    assert bulk.get_json()["items"][0]["status"] == "in_review"
    assert [one["errors_count"] for one in (imported, again, back)] == [0, 0, 0]
    assert [imported["created"], again["unchanged"], back["unchanged"]] == [1, 1, 2]
    assert [one["status"] for one in waiting(quick_strict)["items"]] == ["in_review"] * 2
    assert quick_strict.finds() == []
    said = {"product_id": mug["id"], "status": "in_review"}
    odd = quick_strict.bench.client(mei).post("/merchant/products/bulk", {"changes": [said]})
    assert odd.status_code == 422
    odd_file = quick_strict.imports(file.replace("published", "in_review"))
    assert [one["column"] for one in odd_file["errors"]] == ["status"]
    assert quick_strict.problems() == []


def test_what_waits_longest_comes_first(quick_strict: Stall) -> None:
    second = quick_strict.drafts()
    first = quick_strict.sells(a_mug(skus=[a_sku("FIRST")]))
    quick_strict.bench.advance(1)
    quick_strict.publishes(second["id"])

    page = waiting(quick_strict, "?limit=1")
    rest = waiting(quick_strict, f"?cursor={page['next_cursor']}")

    assert [one["id"] for one in (*page["items"], *rest["items"])] == [first["id"], second["id"]]
    quick_strict.bench.client(mei).delete(f"/catalog/products/{first['id']}")
    assert [one["id"] for one in waiting(quick_strict)["items"]] == [second["id"]]
    odd = quick_strict.bench.client(ada).get(REVIEWS + "?cursor=WyJ4Il0=")
    assert (odd.status_code, list(odd.get_json()["errors"])) == (422, ["cursor"])


def test_what_was_up_before_there_were_reviews_stays_until_its_words_change(
    quick_strict: Stall,
) -> None:
    product = quick_strict.sells()
    approve(quick_strict, product)
    with quick_strict.bench.database.begin() as tx:
        tx.connection.execute(update(t.products).values(approved=None))

    cheaper = edits(quick_strict, product, skus=[a_sku("MUG-BLUE", cost="9.90")])
    assert quick_strict.publishes(product["id"])["version"] == cheaper["version"]
    assert quick_strict.lists()["items"][0]["price_from"] == price("9.90")

    assert edits(quick_strict, product, brand="名牌")["status"] == "in_review"


def test_admins_alone_decide_and_about_what_waits_alone(quick_stall: Stall) -> None:
    product = quick_stall.sells()
    missing = {"id": "nobodys", "version": 1}

    assert product["status"] == "published"  # without the setting nobody reviews
    for answer in (approve(quick_stall, product), send_back(quick_stall, product, "No.")):
        assert (answer.status_code, answer.get_json()["code"]) == (409, "not_in_review")
    for answer in (approve(quick_stall, missing), send_back(quick_stall, missing, "No.")):
        assert (answer.status_code, answer.get_json()["code"]) == (404, "product_not_found")
    for who in (mei, shopper("ann")):
        client = quick_stall.bench.client(who)
        assert client.get(REVIEWS).status_code == 403
        assert client.post(f"/admin/products/{product['id']}/approve").status_code == 403
    assert send_back(quick_stall, product, " ").status_code == 422
