"""Paying back: by the order's word, by hand, before and after receipt, and never too much."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chassis.testing import admin
from payment_service import testing
from payment_service.testing import KETTLE, KIM, MO, MUG, SHIPPING, cny
from shop_events import Money
from shop_events.contracts.order import CancelReason, RefundShare
from shop_events.contracts.payment import PaymentRefunded, PaymentRefundFailed


def test_a_refund_is_paid_back_once_and_told_with_its_shares(till) -> None:
    payment_id = till.ann_paid()

    for event_id in ("e-1", "e-1", "e-2"):
        till.hears(testing.refund_requested("r-1", [MUG]), event_id=event_id)
    till.asks_the_bank()

    assert till.said(PaymentRefunded) == [
        PaymentRefunded(
            refund_id="r-1", payment_id=payment_id, order_id="o-1", amount=MUG.amount, shares=(MUG,)
        )
    ]
    assert till.status(payment_id) == "partially_refunded"
    assert till.balances() == {"provider_receivable:pretend": 2001, "customer_prepaid": -2001}
    assert till.complaints() == []


def test_a_refund_that_comes_before_the_confirmation_waits_for_it(till) -> None:
    till.hears(testing.refund_requested("r-1", [MUG]))
    till.hears(testing.payable())
    till.pays()
    till.asks_the_bank()
    assert till.said(PaymentRefunded) == []

    till.hears(testing.confirmed())
    till.asks_the_bank()

    assert len(till.said(PaymentRefunded)) == 1
    assert till.complaints() == []


def test_a_refund_whose_order_nobody_tells_of_fails_after_a_day(till) -> None:
    till.hears(testing.refund_requested("r-1"))

    till.waits(24 * 3600 + 1)

    assert [failed.code for failed in till.said(PaymentRefundFailed)] == ["nothing_captured"]


def test_more_than_was_captured_is_never_paid_back(till) -> None:
    till.ann_paid()

    till.hears(testing.refund_requested("r-1", [MUG, KETTLE]))
    till.hears(testing.refund_requested("r-2", [MUG]))
    till.asks_the_bank()

    assert [failed.code for failed in till.said(PaymentRefundFailed)] == ["exceeds_captured"]
    assert [refunded.refund_id for refunded in till.said(PaymentRefunded)] == ["r-1"]
    assert till.complaints() == []


def of_the_mug(minor: int) -> RefundShare:
    return replace(MUG, amount=Money(minor, "CNY"))


def by_hand(till: Any, *shares: RefundShare) -> dict[str, Any]:
    """An admin pays so much of the order back."""
    said = [
        {
            "merchant_id": share.merchant_id,
            "line_id": share.line_id,
            "amount": {"amount": share.amount.amount, "currency": "CNY"},
        }
        for share in shares
    ]
    body = {"order_id": "o-1", "shares": said, "reason": "goodwill"}
    answer = till.bench.client(admin()).post("/refunds", body)
    assert answer.status_code == 201, answer.get_json()
    return dict(answer.get_json())


@pytest.mark.parametrize("minor", [1, 300, 998, 999])
def test_of_what_people_paid_back_before_the_cancellation_pays_back_only_the_rest(
    till: Any, minor: int
) -> None:
    """M7: nobody gets a line's money twice, and what is left of it comes back to the fen."""
    payment_id = till.ann_paid()
    by_hand(till, of_the_mug(minor))
    till.asks_the_bank()

    till.hears(testing.refund_requested("r-1", [MUG, KETTLE, SHIPPING]))
    till.asks_the_bank()

    assert [one.amount.minor for one in till.said(PaymentRefunded)] == [minor, 3000 - minor]
    assert till.said(PaymentRefundFailed) == []
    assert till.status(payment_id) == "refunded"
    assert till.balances() == {}
    assert till.complaints() == []


def test_where_people_paid_all_of_it_back_nothing_is_left_and_that_is_told(till: Any) -> None:
    till.ann_paid()
    by_hand(till, MUG)
    till.asks_the_bank()

    till.hears(testing.refund_requested("r-1", [MUG]))

    told = till.said(PaymentRefunded)[-1]
    assert (told.refund_id, told.amount.minor, told.shares) == ("r-1", 0, ())
    assert till.ann.get("/refunds/r-1").get_json()["status"] == "covered"
    assert len(till.bank.refunds()) == 1
    assert till.complaints() == []


def test_a_cancellation_waits_for_what_people_are_paying_back(till: Any) -> None:
    till.ann_paid("tok_deaf_refund")
    by_hand(till, of_the_mug(300))
    till.asks_the_bank()

    till.hears(testing.refund_requested("r-1", [MUG]))
    assert till.said(PaymentRefunded) == []
    till.waits(16)
    assert [one.amount.minor for one in till.said(PaymentRefunded)] == [300]
    till.waits(16)

    assert [one.amount.minor for one in till.said(PaymentRefunded)] == [300, 699]
    assert till.complaints() == []


def test_what_people_could_not_pay_back_is_not_taken_off(till: Any) -> None:
    till.ann_paid("tok_no_refund")
    refused = by_hand(till, of_the_mug(300))
    till.hears(testing.refund_requested("r-1", [MUG]))

    till.asks_the_bank()

    failed = till.said(PaymentRefundFailed)
    assert [(one.refund_id, one.amount.minor) for one in failed] == [
        (refused["id"], 300),
        ("r-1", 999),
    ]
    assert till.complaints() == []


def test_of_a_debt_that_people_undid_in_part_the_cancellation_undoes_the_rest(till: Any) -> None:
    till.hears(testing.payable())
    till.hears(testing.confirmed(on_delivery=True))
    by_hand(till, of_the_mug(300))

    till.hears(testing.refund_requested("r-1", [MUG, KETTLE, SHIPPING]))

    assert [one.amount.minor for one in till.said(PaymentRefunded)] == [300, 2700]
    assert till.balances() == {}
    assert till.complaints() == []


def test_a_lost_answer_to_a_refund_is_asked_for_again_and_pays_once(till) -> None:
    till.ann_paid("tok_deaf_refund")
    till.hears(testing.refund_requested("r-1"))
    till.asks_the_bank()
    assert till.bench.client(admin()).get("/refunds/r-1").get_json()["status"] == ("processing")

    till.waits(16)

    assert len(till.said(PaymentRefunded)) == 1
    assert len(till.bank.refunds()) == 1
    assert till.complaints() == []


def test_a_refund_the_bank_refuses_is_told_and_counts_no_more(till) -> None:
    payment_id = till.ann_paid("tok_no_refund")

    till.hears(testing.refund_requested("r-1", [MUG, KETTLE]))
    till.asks_the_bank()

    assert [failed.code for failed in till.said(PaymentRefundFailed)] == ["refund_refused"]
    assert till.status(payment_id) == "captured"
    assert till.complaints() == []


def test_receipt_settles_with_each_merchant_and_a_later_refund_takes_it_back(till) -> None:
    till.ann_paid()
    for event_id in ("e-1", "e-1", "e-2"):
        till.hears(testing.received("pa-1", [MUG, KETTLE, SHIPPING]), event_id=event_id)
    assert till.balances() == {
        "provider_receivable:pretend": 3000,
        f"merchant_payable:{MO}": -949,
        f"merchant_payable:{KIM}": -1926,  # 15.01 less 0.75, and the shipping whole
        "platform_commission": -125,
    }

    till.hears(testing.refund_requested("r-1", [MUG]))
    till.asks_the_bank()

    assert till.balances() == {
        "provider_receivable:pretend": 2001,
        f"merchant_payable:{KIM}": -1926,
        "platform_commission": -75,
    }
    assert till.complaints() == []


def test_a_receipt_of_what_was_refunded_already_is_booked_once_and_gives_the_merchant_nothing(
    till,
) -> None:
    till.ann_paid()
    till.hears(testing.refund_requested("r-1", [MUG]))
    till.asks_the_bank()

    till.hears(testing.received("pa-1", [MUG]))
    till.hears(testing.received("pa-1", [MUG]))

    assert till.balances() == {"provider_receivable:pretend": 2001, "customer_prepaid": -2001}
    assert till.complaints() == []


def test_row_63_cash_on_delivery_is_a_debt_until_the_carrier_has_the_cash(till) -> None:
    till.hears(testing.confirmed(on_delivery=True))
    assert till.balances() == {"cod_receivable": 3000, "customer_prepaid": -3000}

    for event_id in ("e-1", "e-1", "e-2"):
        till.hears(testing.cash("pa-1"), event_id=event_id)

    assert till.balances() == {"cash_in_transit:swift": 3000, "customer_prepaid": -3000}
    assert till.complaints() == []


def test_cash_that_is_told_before_the_order_ends_in_the_same_books(till) -> None:
    till.hears(testing.cash("pa-1"))
    till.hears(testing.confirmed(on_delivery=True))

    assert till.balances() == {"cash_in_transit:swift": 3000, "customer_prepaid": -3000}


def test_row_63_refused_at_the_door_undoes_the_debt_and_asks_no_bank(till) -> None:
    till.hears(testing.refund_requested("r-1", [MUG, KETTLE, SHIPPING]))
    till.hears(testing.confirmed(on_delivery=True))
    till.hears(testing.cancelled(reason=CancelReason.REFUSED_AT_DOOR))

    assert till.balances() == {}
    assert till.said(PaymentRefunded)[0].payment_id == "o-1"
    assert till.bank.refunds() == []
    assert till.complaints() == []


def test_what_was_paid_in_cash_and_received_cannot_be_paid_back_by_a_bank(till) -> None:
    till.hears(testing.confirmed(on_delivery=True))
    till.hears(testing.cash("pa-1", MUG.amount))
    till.hears(testing.received("pa-1", [MUG]))

    till.hears(testing.refund_requested("r-1", [MUG]))
    till.hears(testing.refund_requested("r-2", [KETTLE, SHIPPING]))

    assert [failed.refund_id for failed in till.said(PaymentRefundFailed)] == ["r-1"]
    assert [refunded.refund_id for refunded in till.said(PaymentRefunded)] == ["r-2"]
    assert till.complaints() == []


def test_shares_that_do_not_sum_to_the_refund_are_refused(till) -> None:
    till.ann_paid()
    asked = testing.refund_requested("r-1", [MUG])

    till.hears(type(asked)(**{**as_dict(asked), "amount": cny("1.00")}))

    assert [failed.code for failed in till.said(PaymentRefundFailed)] == ["shares_do_not_sum"]


@pytest.mark.parametrize("left", ["before", "after"])
def test_an_unexpected_payment_is_told_of_whenever_the_order_was_cancelled(till, left: str) -> None:
    till.hears(testing.payable())
    if left == "before":
        paid = till.pays("tok_silent")
        till.hears(testing.cancelled())
        till.waits(16)
    else:
        paid = till.pays()
        till.hears(testing.cancelled())

    till.hears(testing.unexpected(paid["id"]))
    till.asks_the_bank()

    assert till.balances() == {}
    assert till.complaints() == []


def as_dict(event) -> dict[str, object]:
    return {name: getattr(event, name) for name in type(event).__dataclass_fields__}
