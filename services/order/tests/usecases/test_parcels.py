"""Parcels come, are received, refused and lost, and are told of in any order."""

import itertools
from datetime import timedelta

import pytest

from order_service.testing import MEI, Shop, a_mug, a_teapot, cny
from shop_events.contracts.logistics import ParcelRefused, ShipmentLine
from shop_events.contracts.order import (
    CancelReason,
    OrderCancelled,
    OrderCompleted,
    OrderReceived,
    OrderRefundRequested,
    ReceivedBy,
)

A_DAY_S = 24 * 60 * 60


@pytest.mark.parametrize(
    "told", list(itertools.permutations(["packs", "ships", "delivers"])), ids="-".join
)
def test_f3_news_of_a_parcel_commute(quick_shop: Shop, told: tuple[str, ...]) -> None:
    order_id = quick_shop.confirms(a_mug())

    for news in told * 2:
        getattr(quick_shop, news)(order_id, "p-1", {"1": 1})

    (parcel,) = quick_shop.sees(order_id)["parcels"]
    receive_at = parcel.pop("receive_at")
    assert parcel == {"id": "p-1", "state": "delivered", "carrier": "swift", "waybill": "W-p-1"}
    assert receive_at.startswith("2026-12-02")
    quick_shop.bench.advance(10 * A_DAY_S)
    assert len(quick_shop.bench.said(OrderReceived)) == 1


def test_f4_the_buyer_says_that_the_goods_are_here(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(2), discount="0.01", shipping="5.00")
    quick_shop.delivers(order_id, "p-1", {"1": 2})

    assert quick_shop.receives(order_id).get_json()["status"] == "received"

    (received,) = quick_shop.bench.said(OrderReceived)
    assert received.by is ReceivedBy.BUYER
    assert (received.parcel_ids, received.line_ids) == (("p-1",), ("1",))
    assert [(one.merchant_id, one.line_id, one.amount) for one in received.shares] == [
        (MEI, "1", cny("39.79")),
        (MEI, None, cny("5.00")),
    ]


def test_f4_ten_days_after_the_signature_goods_count_as_received(shop: Shop) -> None:
    order_id = shop.confirms(a_mug())
    shop.delivers(order_id, "p-1", {"1": 1}, signed_ago=timedelta(days=1))

    shop.bench.advance(9 * A_DAY_S - 1)
    assert shop.bench.said(OrderReceived) == []

    shop.bench.advance(1)
    assert [one.by for one in shop.bench.said(OrderReceived)] == [ReceivedBy.AUTOMATIC]
    assert shop.status(order_id) == "received"


def test_f4_a_carrier_whose_clock_runs_ahead_makes_nobody_wait_longer(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug())
    quick_shop.delivers(order_id, "p-1", {"1": 1}, signed_ago=timedelta(days=-400))

    quick_shop.bench.advance(10 * A_DAY_S)

    assert quick_shop.status(order_id) == "received"


def test_receiving_twice_settles_once(shop: Shop) -> None:
    order_id = shop.confirms(a_mug())
    shop.delivers(order_id, "p-1", {"1": 1})

    first, second = shop.receives(order_id), shop.receives(order_id)
    third = shop.receives(order_id, parcel="p-1")

    assert [one.status_code for one in (first, second, third)] == [200, 200, 200]
    assert len(shop.bench.said(OrderReceived)) == 1


def test_parcels_are_received_one_by_one(shop: Shop) -> None:
    order_id = shop.confirms(a_mug(3), discount="0.02")
    shop.delivers(order_id, "p-1", {"1": 1})
    shop.delivers(order_id, "p-2", {"1": 2})

    assert shop.receives(order_id, parcel="p-2").get_json()["status"] == "partially_received"
    assert shop.receives(order_id, parcel="p-1").get_json()["status"] == "received"

    settled = [share.amount for one in shop.bench.said(OrderReceived) for share in one.shares]
    assert sum(amount.minor for amount in settled) == shop.total(order_id).minor


def test_nothing_can_be_received_before_it_was_delivered(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug())
    quick_shop.ships(order_id, "p-1", {"1": 1})

    answer = quick_shop.receives(order_id)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "nothing_to_receive")


def test_e6_seven_days_after_the_last_receipt_the_order_is_completed(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(), a_teapot())
    quick_shop.delivers(order_id, "p-1", {"1": 1})
    quick_shop.receives(order_id)
    quick_shop.bench.advance(3 * A_DAY_S)
    quick_shop.delivers(order_id, "p-2", {"2": 1})
    quick_shop.receives(order_id)

    quick_shop.bench.advance(7 * A_DAY_S - 1)
    assert quick_shop.bench.said(OrderCompleted) == []

    quick_shop.bench.advance(1)
    assert [one.line_ids for one in quick_shop.bench.said(OrderCompleted)] == [("1", "2")]


def test_a_refund_that_comes_through_does_not_start_the_return_window_anew(
    quick_shop: Shop,
) -> None:
    order_id = quick_shop.confirms(a_mug(), a_teapot())
    quick_shop.keeps(order_id, "f-1", {"1": 1})
    quick_shop.delivers(order_id, "p-2", {"2": 1})
    quick_shop.receives(order_id)
    quick_shop.bench.advance(6 * A_DAY_S)

    quick_shop.pays_all_back()
    quick_shop.bench.advance(A_DAY_S)

    assert quick_shop.status(order_id) == "completed"


def test_a_late_word_about_its_goods_does_not_start_the_return_window_anew(
    quick_shop: Shop,
) -> None:
    order_id = quick_shop.confirms(a_mug())
    quick_shop.delivers(order_id, "p-1", {"1": 1})
    quick_shop.receives(order_id)
    quick_shop.bench.advance(6 * A_DAY_S)

    quick_shop.will_not_keep(order_id, "f-1", {"1": 1})
    quick_shop.bench.advance(A_DAY_S)

    assert quick_shop.status(order_id) == "completed"


@pytest.mark.parametrize("method", ["card", "cash_on_delivery"])
def test_a_refund_that_others_asked_for_changes_amounts_and_no_track(
    shop: Shop, method: str
) -> None:
    order_id = shop.confirms(a_mug(), method=method)
    shop.delivers(order_id, "p-1", {"1": 1})
    shop.receives(order_id)
    shop.bench.advance(7 * A_DAY_S)
    back = OrderRefundRequested(
        refund_id="r-of-a-case", order_id=order_id, amount=cny("5.00"), shares=(), reason="case"
    )

    shop.pays_back(back)
    shop.pays_back(back)

    seen = shop.sees(order_id)
    assert (seen["status"], seen["refunded"]["amount"]) == ("completed", "5.00")
    assert shop.facts(order_id).refunds_of_others == {"r-of-a-case": cny("5.00")}
    assert shop.problems() == []


def test_m9_a_parcel_refused_at_the_door_is_paid_back_with_its_shipping(shop: Shop) -> None:
    order_id = shop.confirms(a_mug(), shipping="8.00")
    shop.refuses(order_id, "p-1", {"1": 1})
    shop.pays_all_back()

    assert [one.amount for one in shop.refunds()] == [cny("27.90")]
    assert shop.sees(order_id)["cancel_reason"] == "refused_at_door"


def test_m9_shipping_stays_paid_if_another_parcel_of_the_merchant_was_taken(
    quick_shop: Shop,
) -> None:
    order_id = quick_shop.confirms(a_mug(2), shipping="8.00")
    quick_shop.delivers(order_id, "p-1", {"1": 1})
    quick_shop.receives(order_id)

    quick_shop.refuses(order_id, "p-2", {"1": 1})

    assert [one.amount for one in quick_shop.refunds()] == [cny("19.90")]
    assert quick_shop.status(order_id) == "received"


def test_cash_on_delivery_refused_at_the_door_ends_without_money_moving(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(), method="cash_on_delivery", shipping="8.00")
    quick_shop.refuses(order_id, "p-1", {"1": 1})
    quick_shop.pays_all_back()

    assert [one.reason for one in quick_shop.bench.said(OrderCancelled)] == [
        CancelReason.REFUSED_AT_DOOR
    ]
    assert quick_shop.sees(order_id)["refunded"]["amount"] == "0.00", "nothing was paid before"
    assert quick_shop.problems() == []


@pytest.mark.parametrize("first", ["refuses", "loses", "brings_back"])
@pytest.mark.parametrize("then", ["refuses", "loses", "brings_back", "delivers", "ships"])
def test_a_parcel_that_does_not_reach_the_buyer_is_paid_back_once(
    quick_shop: Shop, first: str, then: str
) -> None:
    order_id = quick_shop.confirms(a_mug(), a_teapot())

    getattr(quick_shop, first)(order_id, "p-1", {"1": 1})
    getattr(quick_shop, then)(order_id, "p-1", {"1": 1})
    quick_shop.bench.advance(11 * A_DAY_S)

    assert [one.amount for one in quick_shop.refunds()] == [cny("19.90")]
    assert quick_shop.bench.said(OrderReceived) == []


@pytest.mark.parametrize("turned", ["refuses", "loses", "brings_back"])
def test_a_delivery_told_before_the_parcel_turned_back_is_not_received(
    quick_shop: Shop, turned: str
) -> None:
    order_id = quick_shop.confirms(a_mug())
    quick_shop.delivers(order_id, "p-1", {"1": 1})

    getattr(quick_shop, turned)(order_id, "p-1", {"1": 1})

    assert quick_shop.deadlines("p-1") == []
    assert len(quick_shop.refunds()) == 1


def test_a_lost_order_ends_for_the_sellers_side(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(), shipping="8.00")
    quick_shop.loses(order_id, "p-1", {"1": 1})
    quick_shop.pays_all_back()

    assert [one.reason for one in quick_shop.bench.said(OrderCancelled)] == [CancelReason.MERCHANT]
    assert quick_shop.sees(order_id)["refunded"] == quick_shop.sees(order_id)["total"]


def test_what_the_buyer_has_received_stays_his(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(2))
    quick_shop.delivers(order_id, "p-1", {"1": 1})
    quick_shop.receives(order_id)

    quick_shop.brings_back(order_id, "p-1", {"1": 1})

    assert quick_shop.refunds() == [], (
        "the unit that is still to come must not be taken for this one"
    )
    assert quick_shop.facts(order_id).units["1"].received == 1


def test_goods_may_be_received_while_a_cancellation_of_the_rest_runs(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(2))
    quick_shop.delivers(order_id, "p-1", {"1": 1})
    quick_shop.cancels(order_id)
    quick_shop.receives(order_id)
    assert quick_shop.status(order_id) == "cancelling"

    quick_shop.keeps(order_id, "f-1", {"1": 1})
    quick_shop.will_not_keep(order_id, "f-1", {"1": 1})

    assert quick_shop.status(order_id) == "received"
    quick_shop.bench.advance(7 * A_DAY_S)
    assert [one.line_ids for one in quick_shop.bench.said(OrderCompleted)] == [("1",)]


def test_a_deadline_that_outlived_its_reason_does_nothing(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug())
    quick_shop.delivers(order_id, "p-1", {"1": 1})
    with quick_shop.bench.database.begin() as tx:
        for kind, key in (
            ("order.pay_by", order_id),
            ("order.cancellation_open", order_id),
            ("order.return_window", order_id),
            ("order.auto_receipt", "p-unknown"),
        ):
            tx.schedule(kind, key, tx.now)
    before = quick_shop.bench.events()

    quick_shop.bench.advance(1)

    assert quick_shop.bench.events() == before
    assert quick_shop.status(order_id) == "shipped"


def test_a_parcel_that_names_a_line_twice_holds_both(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(2))
    a_unit = ShipmentLine(line_id="1", sku_id="sku-mug", quantity=1)

    quick_shop.bench.hears(
        ParcelRefused(parcel_id="p-1", order_id=order_id, lines=(a_unit, a_unit))
    )

    assert [one.amount for one in quick_shop.refunds()] == [cny("39.80")]
