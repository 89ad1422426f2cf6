"""Paying: three phases, every answer of the bank, and everything that may come in between."""

from __future__ import annotations

import pytest

from payment_service import testing
from payment_service.outside.provider import Wanted
from payment_service.testing import TOTAL, cny
from shop_events import faults
from shop_events.contracts.order import PaymentMethod
from shop_events.contracts.payment import PaymentConfirmed, PaymentFailed
from shop_events.faults import Injected


def test_paying_captures_what_is_due_and_says_so(till) -> None:
    till.hears(testing.payable())

    paid = till.pays()

    assert paid["status"] == "captured"
    assert paid["amount"] == {"amount": "30.00", "currency": "CNY"}
    assert till.said(PaymentConfirmed) == [
        PaymentConfirmed(
            payment_id=paid["id"], order_id="o-1", method=PaymentMethod.CARD, amount=TOTAL
        )
    ]
    assert till.balances() == {"provider_receivable:pretend": 3000, "customer_prepaid": -3000}
    assert till.complaints() == []


def test_a_declined_card_fails_and_another_attempt_may_succeed(till) -> None:
    till.hears(testing.payable())

    declined = till.pays("tok_declined")
    short = till.pays("tok_insufficient_funds")
    paid = till.pays()

    assert (declined["status"], declined["code"]) == ("failed", "card_declined")
    assert (short["code"], short["may_retry"]) == ("insufficient_funds", True)
    assert paid["status"] == "captured"
    assert [failed.code for failed in till.said(PaymentFailed)] == [
        "card_declined",
        "insufficient_funds",
    ]
    assert till.complaints() == []


def test_a_lost_answer_leaves_the_payment_processing_until_a_query_settles_it(till) -> None:
    till.hears(testing.payable())
    paid = till.pays("tok_silent")
    assert paid["status"] == "processing"

    till.waits(14)
    assert till.status(paid["id"]) == "processing"
    till.waits(2)

    assert till.status(paid["id"]) == "captured"
    assert len(till.said(PaymentConfirmed)) == 1
    assert [entry.key for entry in till.bank.captures()] == [paid["id"]]
    assert till.complaints() == []


def test_a_lost_request_is_given_up_for_good_and_the_buyer_may_try_again(till) -> None:
    till.hears(testing.payable())
    lost = till.pays("tok_lost")

    till.waits(16)

    assert till.status(lost["id"]) == "failed"
    assert till.said(PaymentFailed)[0].may_retry
    assert (
        till.bank.capture(Wanted(key=lost["id"], amount=TOTAL), "tok_visa").code == "never_arrived"
    )
    assert till.pays()["status"] == "captured"
    assert till.complaints() == []


def test_a_late_answer_is_asked_for_along_the_ladder(till) -> None:
    till.hears(testing.payable())
    late = till.pays("tok_late")

    till.waits(16)
    assert till.status(late["id"]) == "processing"
    till.waits(31)
    assert till.status(late["id"]) == "processing"
    till.waits(61)

    assert till.status(late["id"]) == "captured"
    assert till.complaints() == []


def test_a_bank_that_never_answers_raises_an_alarm_and_is_asked_every_day(
    till, caplog: pytest.LogCaptureFixture
) -> None:
    till.hears(testing.payable())
    late = till.pays("tok_never")

    for _ in range(10):
        till.waits(24 * 3600 + 1)

    assert till.status(late["id"]) == "processing"
    assert "No word on the query" in caplog.text
    assert till.complaints() == []


@pytest.mark.parametrize("point", ["outside.before_call", "outside.after_call"])
def test_a_process_that_dies_around_the_call_loses_no_money_and_takes_none_twice(
    till, point: str
) -> None:
    till.hears(testing.payable())
    faults.arm(f"{point}:1:raise")
    with pytest.raises(Injected):
        till.pays()
    faults.arm("")

    till.waits(16)
    if point == "outside.before_call":
        assert till.pays()["status"] == "captured"

    assert len(till.said(PaymentConfirmed)) == 1
    assert len(till.bank.captures()) == 1
    assert till.complaints() == []


def test_a_cancelled_order_is_void_also_when_that_is_told_first(till) -> None:
    till.hears(testing.cancelled())
    till.hears(testing.payable())

    answer = till.ann.post(
        "/payments", {"order_id": "o-1", "method": "card", "card_token": "tok_t"}
    )

    assert (answer.status_code, answer.get_json()["code"]) == (409, "order_not_payable")


def test_cancelling_cancels_a_payment_that_the_bank_has_not_seen(till) -> None:
    till.hears(testing.payable())
    created = till.ann.post("/payments", {"order_id": "o-1", "method": "card"}).get_json()
    assert created["action"] == {"type": "card_token"}

    till.hears(testing.cancelled())

    assert till.status(created["id"]) == "cancelled"
    late = till.ann.post(f"/payments/{created['id']}/confirm", {"card_token": "tok_visa"})
    assert late.status_code == 409
    assert till.bank.captures() == []


def test_row_67_money_taken_for_a_cancelled_order_is_told_and_goes_back_in_full(till) -> None:
    till.hears(testing.payable())
    paid = till.pays("tok_silent")
    till.hears(testing.cancelled())
    assert till.status(paid["id"]) == "processing"

    till.waits(16)
    assert len(till.said(PaymentConfirmed)) == 1
    for event_id in ("e-1", "e-1", "e-2"):
        till.hears(testing.unexpected(paid["id"]), event_id=event_id)
    till.asks_the_bank()

    assert till.status(paid["id"]) == "refunded"
    assert [entry.amount for entry in till.bank.refunds()] == [TOTAL]
    assert till.balances() == {}
    assert till.complaints() == []


def test_an_order_that_costs_nothing_is_not_paid_for(till) -> None:
    till.hears(testing.payable(amount=cny("0.00")))

    answer = till.ann.post(
        "/payments", {"order_id": "o-1", "method": "card", "card_token": "tok_t"}
    )

    assert answer.get_json()["code"] == "order_not_payable"
