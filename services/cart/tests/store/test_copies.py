"""Prices and stock as cart knows them, told in any order."""

from cart_service.testing import BLUE, MUG, RED, Stall, a_level, a_product, a_sku, ann, cny
from chassis.testing import Bench


def test_an_older_price_never_replaces_a_newer_one(bench: Bench, stall: Stall) -> None:
    shopper = stall.of(ann)
    shopper.adds()
    bench.hears(a_product(MUG, a_sku(BLUE, cny("30.00")), version=9))

    bench.hears(a_product(MUG, a_sku(BLUE, cny("20.00")), a_sku(RED, cny("1.00")), version=8))

    assert shopper.line()["price"]["amount"] == "30.00"


def test_an_older_product_brings_no_sku_back(bench: Bench, stall: Stall) -> None:
    bench.hears(a_product(MUG, a_sku(BLUE, cny("30.00")), version=9))
    bench.hears(a_product(MUG, a_sku(BLUE, cny("20.00")), a_sku(RED, cny("1.00")), version=8))

    refused = stall.of(ann).sends("POST", "/lines", {"sku_id": RED, "quantity": 1})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "not_for_sale")


def test_an_older_stock_never_replaces_a_newer_one(bench: Bench, stall: Stall) -> None:
    bench.hears(a_level(BLUE, 4, version=9))
    bench.hears(a_level(BLUE, 50, version=8))

    assert stall.of(ann).adds(BLUE, 9)["lines"][0]["quantity"] == 4


def test_a_product_may_be_heard_of_after_its_stock(bench: Bench) -> None:
    stall = Stall(bench)
    bench.hears(a_level(BLUE, 4))
    bench.hears(a_product())

    assert stall.of(ann).adds(BLUE, 2)["lines"][0]["available"] == "low"


def test_a_snapshot_told_again_changes_nothing(bench: Bench, stall: Stall) -> None:
    shopper = stall.of(ann)
    before = shopper.adds()

    bench.hears(a_product(), event_id="again-1")
    bench.hears(a_level(BLUE, 20), event_id="again-2")

    assert shopper.sees() == before
