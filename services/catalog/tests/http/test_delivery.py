"""Row 17: a product's page says how it can get to a district, for how much, and how soon."""

from dataclasses import replace
from typing import Any

import pytest

from catalog_service.testing import MEI, Stall, a_mug, a_sku, a_way, a_zone, price

SHANGHAI = "310104"
LHASA = "540102"


def page(stall: Stall, product: dict[str, Any], **asked: str) -> Any:
    return stall.bench.client().get(f"/catalog/products/{product['id']}", query_string=asked)


def delivery(stall: Stall, product: dict[str, Any], division: str, **more: str) -> dict[str, Any]:
    return dict(page(stall, product, division_code=division, **more).get_json()["delivery"])


def test_row_17_each_way_to_the_district_is_told_with_its_price_and_days(stall: Stall) -> None:
    four = a_sku("SET", cost="120.00", weight_g=2_100, options={"pieces": "4"})
    product = stall.sells(a_mug(skus=[a_sku("MUG", options={"pieces": "1"}), four]))
    stall.hears_rates(
        a_way("express", a_zone("8.00", "31", free_over="199.00"), a_zone("20.00")),
        a_way("post", a_zone("5.00"), days=10),
        a_way("pick_up", a_zone("0.00", "3101"), days=1),
    )

    here = delivery(stall, product, SHANGHAI, locale="en")
    there = delivery(stall, product, LHASA)

    assert here["methods"][0] == {
        "code": "express",
        "title": "Express",
        "price_from": price("8.00"),
        "price_to": price("12.00"),
        "free_over": price("199.00"),
        "days": 3,
        "traceable": True,
        "cash_on_delivery": True,
        "pick_up": False,
    }
    assert [one["code"] for one in here["methods"]] == ["express", "post", "pick_up"]
    assert here["cheapest"] == "post", "what the buyer fetches is not brought"
    assert [(one["title"], one["price_from"]) for one in there["methods"]] == [
        ("快递", price("20.00")),
        ("平邮", price("5.00")),
    ]


def test_row_42_a_bulky_thing_is_estimated_by_its_volume(quick_stall: Stall) -> None:
    product = quick_stall.sells(a_mug(skus=[a_sku("LAMP", volume_cm3=6_001)]))
    quick_stall.hears_rates(replace(a_way("express", a_zone("8.00")), volume_divisor=6_000))

    (way,) = delivery(quick_stall, product, SHANGHAI)["methods"]

    (said,) = quick_stall.told(product["id"])[-1].skus
    assert product["skus"][0]["volume_cm3"] == said.volume_cm3 == 6_001
    assert way["price_from"] == price("10.00"), "420 g, and a gram over a kilogram by volume"


def test_row_17_a_merchants_own_rates_hold_and_older_ones_change_nothing(stall: Stall) -> None:
    product = stall.sells()
    stall.hears_rates(a_way("express", a_zone("1.00")), version=7)
    stall.hears_rates(a_way("express", a_zone("9.00", free_over="15.00")), of=MEI, version=2)
    stall.hears_rates(a_way("express", a_zone("3.00")), of=MEI, version=1)

    (way,) = delivery(stall, product, SHANGHAI)["methods"]

    assert (way["price_from"], way["free_over"]) == (price("0.00"), price("15.00"))


def test_row_17_where_nobody_delivers_there_is_no_way(quick_stall: Stall) -> None:
    product = quick_stall.sells()
    nothing = {"methods": [], "cheapest": None}

    assert page(quick_stall, product).get_json()["delivery"] is None, "no district was named"
    assert delivery(quick_stall, product, SHANGHAI) == nothing, "nobody told of rates yet"
    quick_stall.hears_rates(a_way("express", a_zone("8.00", "31")))
    assert delivery(quick_stall, product, LHASA) == nothing


@pytest.mark.parametrize("division", ["31", "31010x", "310199", "3101040000000", "３１０１０４"])
def test_row_17_what_is_no_district_is_refused(quick_stall: Stall, division: str) -> None:
    answer = page(quick_stall, {"id": "p-1"}, division_code=division)

    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["division_code"]


def test_row_17_an_estimate_has_a_tag_of_its_own(quick_stall: Stall) -> None:
    product = quick_stall.sells()
    quick_stall.hears_rates(a_way("express", a_zone("8.00", "31")))

    plain, here = page(quick_stall, product), page(quick_stall, product, division_code=SHANGHAI)

    assert here.headers["ETag"] != plain.headers["ETag"]
    assert here.headers["Cache-Control"] == "public, max-age=15"
