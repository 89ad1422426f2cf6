"""Delivery rates and options (FEATURES rows 42 and 43)."""

from typing import Any

import pytest

from services.logistics.tests.town import Town, at_once
from shop_events.contracts.logistics import DeliveryRatesChanged
from shop_events.values import Money

MINE = "/merchant/delivery-rates"


def a_zone(**changed: Any) -> dict[str, Any]:
    zone: dict[str, Any] = {
        "divisions": ["31"],
        "first_g": 1000,
        "first": Money.of("3.00", "CNY"),
        "step_g": 1000,
        "step": Money.of("1.00", "CNY"),
    }
    return zone | changed


def by_piece(**changed: Any) -> dict[str, Any]:
    zone = a_zone(first_pieces=2, step_pieces=3) | changed
    return {name: value for name, value in zone.items() if name not in ("first_g", "step_g")}


def rates(*zones: dict[str, Any], **changed: Any) -> dict[str, Any]:
    method: dict[str, Any] = {
        "code": "express",
        "zones": list(zones) or [a_zone()],
        "days": 2,
        "traceable": True,
        "cash_on_delivery": False,
    }
    return {"methods": [method | changed]}


def seen(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def options(town: Town, **query: Any) -> dict[str, Any]:
    asked = {"division_code": "310101", "weight_g": 500} | query
    answer = town.nobody.get("/logistics/delivery-options", query_string=asked)
    assert answer.status_code == 200, answer.text
    return {one["code"]: one["price"]["amount"] for one in answer.json["items"]}


def test_a_new_shop_says_its_first_rates_once(town: Town) -> None:
    town.bench.advance(0)
    town.bench.advance(0)

    (said,) = town.said(DeliveryRatesChanged)
    assert (said.rates_id, said.version) == ("default", 1)
    assert {one.code: one.pick_up for one in said.methods} == {
        "express": False,
        "post": False,
        "own_delivery": False,
        "pick_up": True,
    }


def test_row_42_anybody_is_told_how_goods_can_be_delivered_and_for_how_much(town: Town) -> None:
    town.bench.advance(0)

    assert options(town) == {
        "express": "8.00",
        "post": "5.00",
        "own_delivery": "6.00",
        "pick_up": "0.00",
    }
    assert options(town, division_code="540102", weight_g=2500) == {
        "express": "44.00",
        "post": "11.00",
    }
    assert options(town, amount="99.00")["express"] == "0.00"


def test_a_merchants_own_rates_count_for_its_goods_alone(town: Town) -> None:
    town.bench.advance(0)
    before = town.mo.get(MINE)

    put = town.mo.put(MINE, rates(), headers={"If-Match": before.headers["ETag"]})

    assert (before.json["version"], before.json["methods"]) == (0, [])
    assert (put.status_code, put.json["version"], put.headers["ETag"]) == (200, 1, '"1"')
    assert town.mo.get(MINE).json == put.json
    assert options(town, merchant_id="m-mo") == {"express": "3.00"}
    assert options(town, merchant_id="m-lin")["express"] == "8.00"
    assert town.said(DeliveryRatesChanged)[-1].rates_id == "m-mo"


def test_row_43_a_merchant_charges_by_piece_and_everybody_is_told(town: Town) -> None:
    put = town.mo.put(MINE, rates(by_piece()), headers=seen(0))

    (zone,) = put.json["methods"][0]["zones"]
    told = {name: zone[name] for name in ("first_g", "step_g", "first_pieces", "step_pieces")}
    assert told == {"first_g": None, "step_g": None, "first_pieces": 2, "step_pieces": 3}
    (method,) = town.said(DeliveryRatesChanged)[-1].methods
    (said,) = method.zones
    assert (said.first_g, said.step_g, said.first_pieces, said.step_pieces) == (0, 0, 2, 3)
    assert options(town, merchant_id="m-mo", weight_g=900_000) == {"express": "3.00"}
    assert options(town, merchant_id="m-mo", pieces=3) == {"express": "4.00"}
    again = town.mo.put(MINE, rates(zone), headers=seen(1))
    assert again.json["methods"] == put.json["methods"] == town.mo.get(MINE).json["methods"]


def test_row_42_a_merchant_charges_by_volume_and_everybody_is_told(town: Town) -> None:
    put = town.mo.put(MINE, rates(volume_divisor=6_000), headers=seen(0))

    (method,) = town.said(DeliveryRatesChanged)[-1].methods
    assert method.volume_divisor == put.json["methods"][0]["volume_divisor"] == 6_000
    assert town.mo.get(MINE).json == put.json
    assert options(town, merchant_id="m-mo", volume_cm3=6_001) == {"express": "4.00"}
    assert options(town, merchant_id="m-mo", volume_cm3=6_000) == {"express": "3.00"}


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
def test_row_42_a_way_that_no_parcel_could_cost_is_not_offered(town: Town) -> None:
    dear = a_zone(step_g=1, step=Money.of("1000000.00", "CNY"))
    town.mo.put(MINE, rates(dear, volume_divisor=1), headers=seen(0))

    assert options(town, merchant_id="m-mo", volume_cm3=1_000_000_000) == {}
    assert options(town, merchant_id="m-mo", volume_cm3=1) == {"express": "3.00"}


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
def test_row_43_rates_written_before_pieces_counted_still_charge_by_weight(town: Town) -> None:
    town.mo.put(MINE, rates(), headers=seen(0))
    copied = "INSERT INTO delivery_rates SELECT rates_id, 2, {}, changed_by, changed_at FROM {}"
    as_before = "replace(methods, ', \"first_pieces\": null, \"step_pieces\": null', '')"
    with town.bench.database.begin() as tx:
        tx.connection.exec_driver_sql(copied.format(as_before, "delivery_rates"))
        told = tx.connection.exec_driver_sql("SELECT methods FROM delivery_rates WHERE version = 2")
        assert "pieces" not in told.scalar_one()

    assert options(town, merchant_id="m-mo", weight_g=1_001, pieces=9) == {"express": "4.00"}


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(town: Town) -> None:
    town.mo.put(MINE, rates(), headers=seen(0))

    stale = town.mo.put(MINE, rates(days=9), headers=seen(0))
    unread = town.mo.put(MINE, rates(days=9))

    assert (stale.status_code, stale.json["code"]) == (412, "precondition_failed")
    assert (unread.status_code, unread.json["code"]) == (428, "precondition_required")
    assert town.mo.get(MINE).json["methods"][0]["days"] == 2


def test_of_two_who_change_the_rates_at_once_one_is_told_to_look_again(town: Town) -> None:
    codes: list[int] = []

    def put() -> None:
        codes.append(town.mo.put(MINE, rates(), headers=seen(0)).status_code)

    at_once(put, put, put)

    assert sorted(codes) == [200, 412, 412]
    assert [one.version for one in town.said(DeliveryRatesChanged)] == [1]


def test_only_an_admin_changes_the_default_rates(town: Town) -> None:
    town.bench.advance(0)

    changed = town.ada.put("/admin/delivery-rates", rates(), headers=seen(1))

    assert (changed.status_code, changed.json["version"]) == (200, 2)
    assert options(town) == {"express": "3.00"}
    for who, path in ((town.mo, "/admin/delivery-rates"), (town.ann, MINE), (town.ada, MINE)):
        assert who.get(path).status_code == who.put(path, rates()).status_code == 403


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"methods": []}, "methods"),
        (rates(a_zone(divisions=["3x"])), "methods.0.zones.0.divisions.0"),
        (rates(a_zone(), a_zone()), "methods"),
        (rates(a_zone(first=Money.of("-1.00", "CNY"))), "methods"),
        (rates(a_zone(step_g=0)), "methods.0.zones.0.step_g"),
        (rates(a_zone(first_g=10**7)), "methods.0.zones.0.first_g"),
        (rates(by_piece(first_pieces=0)), "methods.0.zones.0.first_pieces"),
        (rates(by_piece(first_pieces=10_001)), "methods.0.zones.0.first_pieces"),
        (rates(by_piece(step_pieces=-1)), "methods.0.zones.0.step_pieces"),
        (rates(by_piece(step_pieces=1.5)), "methods.0.zones.0.step_pieces"),
        (rates(a_zone(first_pieces=2, step_pieces=3)), "methods"),
        (rates(by_piece(step_pieces=None)), "methods"),
        (rates(a_zone(first={"amount": 1, "currency": "CNY"})), "methods.0.zones.0.first"),
        (rates(a_zone(surcharge=1)), "methods.0.zones.0.surcharge"),
        (rates(code="drone"), "methods.0.code"),
        (rates(days=-1), "methods.0.days"),
        (rates(volume_divisor=0), "methods.0.volume_divisor"),
        (rates(volume_divisor=0.5), "methods.0.volume_divisor"),
        (rates() | {"rates_id": "default"}, "rates_id"),
    ],
)
def test_rates_that_make_no_sense_are_refused(town: Town, body: object, field: str) -> None:
    answer = town.mo.put(MINE, body, headers=seen(0))

    (named,) = answer.json["errors"]
    assert (answer.status_code, named) == (422, field)
    assert town.said(DeliveryRatesChanged) == []


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
def test_the_largest_rates_there_can_be_still_fit_into_an_event(town: Town) -> None:
    prefixes = [f"{number:012}" for number in range(4_000)]
    zones = [a_zone(divisions=prefixes[n::40], free_over=a_zone()["first"]) for n in range(40)]
    codes = ("post", "own_delivery", "pick_up")
    body = rates(*zones)
    body["methods"] += [rates(a_zone(divisions=[]), code=code)["methods"][0] for code in codes]

    largest = town.mo.put(MINE, body, headers=seen(0))
    zones[0]["divisions"].append("99")
    too_large = town.mo.put(MINE, body, headers=seen(1))

    assert (largest.status_code, too_large.status_code) == (200, 422)


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"division_code": "31"},
        {"weight_g": -1},
        {"weight_g": 10**9},
        {"pieces": 0},
        {"pieces": "1.5"},
        {"pieces": 10_001},
        {"amount": "many"},
        {"amount": "1e9"},
        {"price": "0"},
    ],
)
def test_a_question_about_options_that_makes_no_sense_is_refused(
    town: Town, query: dict[str, Any]
) -> None:
    whole = {"division_code": "310101", "weight_g": 500} | query if query else {}

    answer = town.nobody.get("/logistics/delivery-options", query_string=whole)

    assert answer.status_code == 422
