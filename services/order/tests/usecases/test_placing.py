"""From the quote to a confirmed order, or to its end."""

from datetime import timedelta

import pytest

from order_service.testing import HOME, Shop, a_mug, a_teapot, cny
from shop_events import Money
from shop_events.contracts.order import (
    CancelReason,
    OrderCancelled,
    OrderConfirmed,
    OrderDeliveryDetails,
    OrderPayable,
    OrderPaymentUnexpected,
    OrderPlaced,
    OrderRefundRequested,
)

HALF_AN_HOUR_S = 30 * 60


def test_a_placed_order_is_told_with_its_prices_and_without_a_name(shop: Shop) -> None:
    order_id = shop.places(a_mug(2), a_teapot(), discount="10.00", shipping="8.00")

    (placed,) = shop.bench.said(OrderPlaced)
    assert placed.order_id == order_id
    assert placed.total == cny("125.80")
    assert placed.pay_by - shop.bench.clock.now() == timedelta(seconds=HALF_AN_HOUR_S)
    assert HOME["recipient"] not in repr(placed)
    (details,) = shop.bench.said(OrderDeliveryDetails)
    assert (details.recipient, details.address) == (HOME["recipient"], HOME["address"])


def test_o1_a_reserved_order_awaits_its_payment_and_a_paid_one_is_confirmed(shop: Shop) -> None:
    order_id = shop.places(a_mug())
    assert shop.status(order_id) == "placed"

    shop.reserves(order_id)
    assert shop.status(order_id) == "awaiting_payment"
    assert [one.amount for one in shop.bench.said(OrderPayable)] == [cny("19.90")]

    shop.pays(order_id)
    assert shop.status(order_id) == "paid"
    assert [one.amount for one in shop.bench.said(OrderConfirmed)] == [cny("19.90")]
    assert shop.deadlines(order_id) == ["order.ship_by"]


def test_o1_an_order_that_is_out_of_stock_ends(shop: Shop) -> None:
    order_id = shop.places(a_mug())

    shop.rejects(order_id)
    shop.reserves(order_id)

    assert shop.sees(order_id)["cancel_reason"] == "out_of_stock"
    assert shop.bench.events() == ["order.placed", "order.delivery_details", "order.cancelled"]


def test_o3_less_than_the_total_does_not_pay_an_order(shop: Shop) -> None:
    order_id = shop.places(a_mug())
    shop.reserves(order_id)

    shop.pays(order_id, "pay-too-little", amount=cny("19.89"))

    assert shop.status(order_id) == "awaiting_payment"
    (sent_back,) = shop.bench.said(OrderPaymentUnexpected)
    assert (sent_back.payment_id, sent_back.amount) == ("pay-too-little", cny("19.89"))


def test_o3_the_right_number_in_another_currency_does_not_pay_an_order(shop: Shop) -> None:
    order_id = shop.places(a_mug())
    shop.reserves(order_id)

    shop.pays(order_id, amount=Money.of("19.90", "USD"))

    assert shop.bench.said(OrderConfirmed) == []
    assert shop.facts(order_id).unexpected == {f"pay-{order_id}": Money.of("19.90", "USD")}


def test_o7_an_order_that_costs_nothing_is_confirmed_without_payment(shop: Shop) -> None:
    order_id = shop.places(a_mug(), discount="19.90")

    shop.reserves(order_id)

    assert shop.status(order_id) == "paid"
    assert shop.bench.said(OrderPayable) == []
    assert shop.problems() == []


def test_o8_cash_on_delivery_is_confirmed_at_once_and_never_expires(shop: Shop) -> None:
    order_id = shop.places(a_mug(), method="cash_on_delivery")
    shop.reserves(order_id)

    shop.bench.advance(HALF_AN_HOUR_S)

    assert shop.status(order_id) == "confirmed"
    (confirmed,) = shop.bench.said(OrderConfirmed)
    assert confirmed.on_delivery


def test_o8_a_paid_order_does_not_expire(shop: Shop) -> None:
    order_id = shop.confirms(a_mug())

    shop.bench.advance(HALF_AN_HOUR_S)

    assert shop.status(order_id) == "paid"


@pytest.mark.parametrize("reserved", [True, False])
def test_e6_an_order_that_nobody_pays_ends_after_half_an_hour(shop: Shop, reserved: bool) -> None:
    order_id = shop.places(a_mug())
    if reserved:
        shop.reserves(order_id)

    shop.bench.advance(HALF_AN_HOUR_S - 1)
    assert shop.bench.said(OrderCancelled) == []

    shop.bench.advance(1)
    (ended,) = shop.bench.said(OrderCancelled)
    assert ended.reason is CancelReason.EXPIRED


def test_e5_money_that_beats_a_late_deadline_counts(shop: Shop) -> None:
    order_id = shop.places(a_mug())
    shop.reserves(order_id)
    shop.bench.clock.advance(timedelta(hours=2))  # nobody fired the deadline

    shop.pays(order_id)
    shop.bench.advance(0)

    assert shop.status(order_id) == "paid"
    assert shop.bench.said(OrderCancelled) == []


@pytest.mark.parametrize("why", ["expired", "buyer"])
def test_p9_money_for_a_cancelled_order_goes_back(shop: Shop, why: str) -> None:
    order_id = shop.places(a_mug())
    shop.reserves(order_id)
    if why == "buyer":
        shop.cancels(order_id)
    else:
        shop.bench.advance(HALF_AN_HOUR_S)

    shop.pays(order_id)

    assert shop.sees(order_id)["cancel_reason"] == why
    assert [one.payment_id for one in shop.bench.said(OrderPaymentUnexpected)] == [
        f"pay-{order_id}"
    ]
    assert shop.bench.said(OrderRefundRequested) == []


def test_p9_a_second_payment_for_a_paid_order_goes_back(shop: Shop) -> None:
    order_id = shop.confirms(a_mug())

    shop.pays(order_id, "pay-again")
    shop.pays(order_id, "pay-again")

    assert [one.payment_id for one in shop.bench.said(OrderPaymentUnexpected)] == ["pay-again"]
    assert len(shop.bench.said(OrderConfirmed)) == 1
    assert shop.problems() == []


def test_a_payment_told_twice_under_two_event_ids_confirms_once(shop: Shop) -> None:
    order_id = shop.confirms(a_mug())

    shop.pays(order_id)

    assert len(shop.bench.said(OrderConfirmed)) == 1
    assert shop.bench.said(OrderPaymentUnexpected) == []


def test_stock_told_twice_or_after_the_end_changes_nothing(shop: Shop) -> None:
    order_id = shop.places(a_mug())
    shop.reserves(order_id)
    shop.reserves(order_id)
    shop.cancels(order_id)
    shop.reserves(order_id)
    shop.rejects(order_id)

    assert len(shop.bench.said(OrderPayable)) == 1
    assert len(shop.bench.said(OrderCancelled)) == 1
