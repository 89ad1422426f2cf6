"""What becomes of an order, from the quote to its end, on both ways to run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shop_events import Money
from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.caller import Refused
from shop_suite.chaos.ways import Way
from shop_suite.keys import merchant, shopper
from shop_suite.replay import DECLINED_CARD, UNTIL_THE_BANK_IS_ASKED
from shop_suite.road import Road, Wanted
from tests.support import eventually
from tests.support.towns import goods

RETURN_WINDOW = timedelta(days=8)
UNPAID = timedelta(minutes=31)
LATE_CARD = "tok_late"  # the bank answers after it was asked twice
NOTHING = {"amount": "0.00", "currency": "CNY"}


def becomes(road: Road, buyer: str, order: dict[str, Any], status: str) -> dict[str, Any]:
    return road.settled(buyer, order["id"], lambda seen: seen["status"] == status)


def ordered(road: Road, buyer: str, *wanted: Wanted, method: str = "card") -> dict[str, Any]:
    return road.place(buyer, road.quote(buyer, wanted), method=method)


def shipped(road: Road, buyer: str, order: dict[str, Any]) -> str:
    """The one merchant ships all of it; the waybill."""
    (fulfilment,) = road.fulfilments(buyer, order["id"])
    return road.ship(fulfilment["merchant_id"], fulfilment["id"])


def in_stock(road: Road, wanted: Wanted) -> dict[str, int]:
    seen = road.caller(merchant(wanted.merchant_id)).get(f"/stock/{wanted.sku_id}")
    (level,) = seen["levels"]
    return {name: level[name] for name in ("on_hand", "held", "allocated")}


def refused_at_the_door(road: Road, waybill: str) -> None:
    for state in ("out_for_delivery", "refused", "returned_to_sender"):
        road.trace(waybill, state)


def days_pass(town: Way, window: timedelta) -> None:
    """Nobody leaves a letter lying for days: what is to be told is told before they pass."""
    wait_until_quiet(town.audit.events)
    town.clock.advance(window)


def test_an_order_is_placed_paid_shipped_delivered_received_and_complete(
    town: Way, road: Road, ann: str, mug: Wanted
) -> None:
    eight = Money.of("8.00", "CNY")
    quote = road.quote(ann, [mug], discount=Money.of("5.00", "CNY"), shipping=eight)
    order = road.place(ann, quote)
    assert (order["status"], order["total"]["amount"]) == ("awaiting_payment", "42.90")

    assert road.pay(ann, order["id"])["status"] == "captured"
    waybill = shipped(road, ann, order)
    becomes(road, ann, order, "shipped")
    for state in ("in_transit", "out_for_delivery", "signed"):
        road.trace(waybill, state)
    assert road.receive(ann, order["id"])["status"] == "received"
    days_pass(town, RETURN_WINDOW)

    done = becomes(road, ann, order, "completed")
    assert done["refunded"] == NOTHING
    assert [parcel["waybill"] for parcel in done["parcels"]] == [waybill]
    assert in_stock(road, mug) == {"on_hand": 99, "held": 0, "allocated": 0}


def test_cash_is_collected_at_the_door(town: Way, road: Road, ann: str, mug: Wanted) -> None:
    order = ordered(road, ann, mug, method="cash_on_delivery")
    assert order["status"] in ("confirmed", "preparing")

    road.trace(shipped(road, ann, order), "signed")
    road.receive(ann, order["id"])
    days_pass(town, RETURN_WINDOW)

    becomes(road, ann, order, "completed")


@pytest.mark.parametrize("method", ["card", "cash_on_delivery"])
def test_what_is_refused_at_the_door_is_back_in_stock_and_the_money_with_the_buyer(
    road: Road, ann: str, mug: Wanted, method: str
) -> None:
    order = ordered(road, ann, mug, method=method)
    if method == "card":
        road.pay(ann, order["id"])

    refused_at_the_door(road, shipped(road, ann, order))

    over = becomes(road, ann, order, "cancelled")
    assert over["cancel_reason"] == "refused_at_door"
    assert over["refunded"] == (order["total"] if method == "card" else NOTHING)
    eventually(lambda: in_stock(road, mug) == {"on_hand": 100, "held": 0, "allocated": 0})


def test_after_a_declined_card_another_one_pays(road: Road, ann: str, mug: Wanted) -> None:
    order = ordered(road, ann, mug)

    declined = road.pay(ann, order["id"], card=DECLINED_CARD)
    assert (declined["status"], declined["code"]) == ("failed", "card_declined")
    assert road.pay(ann, order["id"])["status"] == "captured"

    road.trace(shipped(road, ann, order), "signed")
    assert road.receive(ann, order["id"])["status"] == "received"


def test_what_is_never_paid_expires_and_its_stock_is_free_again(
    town: Way, road: Road, ann: str, mug: Wanted
) -> None:
    order = ordered(road, ann, mug)
    assert in_stock(road, mug) == {"on_hand": 100, "held": 1, "allocated": 0}

    town.clock.advance(UNPAID)

    assert becomes(road, ann, order, "cancelled")["cancel_reason"] == "expired"
    eventually(lambda: in_stock(road, mug) == {"on_hand": 100, "held": 0, "allocated": 0})
    with pytest.raises(Refused, match="order_not_payable"):
        eventually(lambda: road.pay(ann, order["id"])["status"] == "captured")


def test_an_order_cancelled_before_it_is_paid_ends_at_once(
    road: Road, ann: str, mug: Wanted
) -> None:
    order = ordered(road, ann, mug)

    over = road.cancel(ann, order["id"])

    assert (over["status"], over["cancel_reason"]) == ("cancelled", "buyer")
    eventually(lambda: in_stock(road, mug) == {"on_hand": 100, "held": 0, "allocated": 0})


def test_an_order_cancelled_after_it_was_paid_is_refunded(
    road: Road, ann: str, mug: Wanted
) -> None:
    order = ordered(road, ann, mug)
    road.pay(ann, order["id"])
    road.fulfilments(ann, order["id"])

    road.cancel(ann, order["id"])

    assert becomes(road, ann, order, "cancelled")["refunded"] == order["total"]
    assert in_stock(road, mug) == {"on_hand": 100, "held": 0, "allocated": 0}


def test_an_order_cancelled_after_it_was_shipped_goes_on(road: Road, ann: str, mug: Wanted) -> None:
    order = ordered(road, ann, mug)
    road.pay(ann, order["id"])
    waybill = shipped(road, ann, order)
    becomes(road, ann, order, "shipped")

    assert road.cancel(ann, order["id"])["status"] in ("cancelling", "shipped")

    assert becomes(road, ann, order, "shipped")["refunded"] == NOTHING
    with pytest.raises(Refused, match="order_not_cancellable"):
        road.cancel(ann, order["id"])
    road.trace(waybill, "signed")
    assert road.receive(ann, order["id"])["status"] == "received"


def test_money_that_arrives_after_the_cancellation_goes_back_by_itself(
    town: Way, road: Road, ann: str, mug: Wanted
) -> None:
    order = ordered(road, ann, mug)
    payment = road.pay(ann, order["id"], card=LATE_CARD)
    assert payment["status"] == "processing"
    road.cancel(ann, order["id"])

    def has_gone_back() -> bool:
        town.clock.advance(UNTIL_THE_BANK_IS_ASKED)
        seen = road.caller(shopper(ann)).get(f"/payments/{payment['id']}")
        return bool(seen["status"] == "refunded")

    eventually(has_gone_back, within_s=30, every_s=0.2)
    assert becomes(road, ann, order, "cancelled")["cancel_reason"] == "buyer"


def test_of_two_merchants_one_keeps_and_the_other_has_shipped(road: Road, ann: str) -> None:
    mug = goods(road, "mug", of="m-pottery", price="39.90")
    tea = goods(road, "tea", of="m-garden", price="12.10", pieces=2)
    order = ordered(road, ann, mug, tea)
    road.pay(ann, order["id"])
    parts = {one["merchant_id"]: one["id"] for one in road.fulfilments(ann, order["id"])}
    assert parts.keys() == {"m-pottery", "m-garden"}
    waybill = road.ship("m-garden", parts["m-garden"])

    road.cancel(ann, order["id"])

    kept = road.settled(ann, order["id"], lambda seen: seen["refunded"]["amount"] == "39.90")
    assert {line["name"]: line["cancelled"] for line in kept["lines"]} == {"mug": 1, "tea": 0}
    assert in_stock(road, mug) == {"on_hand": 100, "held": 0, "allocated": 0}
    road.trace(waybill, "signed")
    assert road.receive(ann, order["id"])["status"] == "received"
    assert in_stock(road, tea) == {"on_hand": 98, "held": 0, "allocated": 0}


def test_o7_an_order_that_costs_nothing_is_not_paid_and_goes_on(
    road: Road, ann: str, mug: Wanted
) -> None:
    order = road.place(ann, road.quote(ann, [mug], discount=mug.unit_price))
    assert order["total"] == NOTHING
    assert order["status"] in ("paid", "preparing")

    road.trace(shipped(road, ann, order), "signed")

    assert road.receive(ann, order["id"])["status"] == "received"


def test_an_order_for_more_than_there_is_ends_out_of_stock_and_holds_nothing(
    road: Road, ann: str
) -> None:
    plenty, few = goods(road, "mug"), goods(road, "bowl", pieces=3, on_hand=2)

    order = ordered(road, ann, plenty, few)

    assert (order["status"], order["cancel_reason"]) == ("cancelled", "out_of_stock")
    assert in_stock(road, plenty) == {"on_hand": 100, "held": 0, "allocated": 0}
    assert in_stock(road, few) == {"on_hand": 2, "held": 0, "allocated": 0}


def test_a_request_sent_twice_has_one_effect_and_one_answer(
    road: Road, ann: str, mug: Wanted
) -> None:
    quote = road.quote(ann, [mug])
    orders = {road.place(ann, quote, key="place-once")["id"] for _ in range(2)}
    (order_id,) = orders
    payments = {road.pay(ann, order_id, key="pay-once")["id"] for _ in range(2)}

    road.fulfilments(ann, order_id)
    for _ in range(2):
        road.cancel(ann, order_id)

    assert len(payments) == 1
    assert len(road.caller(shopper(ann)).get("/orders")["items"]) == 1
