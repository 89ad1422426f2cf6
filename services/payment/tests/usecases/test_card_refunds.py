"""Refunds through the card provider: partial, late, lost, and those that come back (row 70, P3)."""

from __future__ import annotations

from payment_service import testing
from payment_service.testing import KETTLE, MUG, SHIPPING
from shop_events.contracts.payment import PaymentRefunded, PaymentRefundFailed


def paid(till, token: str = "pm_card_visa") -> str:
    return str(till.ann_paid(token))


def test_row_70_partial_refunds_sum_to_what_was_captured_and_no_further(till) -> None:
    payment_id = paid(till)

    till.hears(testing.refund_requested("r-1", [MUG]))
    till.hears(testing.refund_requested("r-2", [KETTLE, SHIPPING]))
    till.hears(testing.refund_requested("r-3", [MUG]))
    till.asks_the_bank()

    assert till.status(payment_id) == "refunded"
    assert [one.refund_id for one in till.said(PaymentRefunded)] == ["r-1", "r-2"]
    assert [one.code for one in till.said(PaymentRefundFailed)] == ["exceeds_captured"]
    assert {one.key for one in till.stripe.refunds()} == {"r-1", "r-2"}
    assert till.balances() == {}
    assert till.complaints() == []


def test_a_lost_answer_to_a_refund_is_asked_for_again_and_pays_once(till) -> None:
    paid(till, "pm_pretend_deafRefund")
    till.hears(testing.refund_requested("r-1"))
    till.asks_the_bank()
    assert till.said(PaymentRefunded) == []

    till.waits(16)

    assert len(till.said(PaymentRefunded)) == len(till.stripe.refunds()) == 1
    assert till.complaints() == []


def test_a_refund_is_found_again_when_its_idempotency_key_was_forgotten(small_till) -> None:
    """The provider forgets keys after a day: our id in the refund's metadata is what counts."""
    paid(small_till, "pm_card_pendingRefund")
    small_till.hears(testing.refund_requested("r-1"))
    small_till.asks_the_bank()
    with small_till.stripe.book.writing() as book:
        book.execute("DELETE FROM answers")

    small_till.waits(86_401)
    assert small_till.said(PaymentRefunded) == []
    assert small_till.stripe.let_time_pass() == 1
    small_till.waits(86_401)

    assert len(small_till.said(PaymentRefunded)) == len(small_till.stripe.refunds()) == 1
    assert small_till.complaints() == []


def test_a_callback_ends_a_pending_refund_at_once(till) -> None:
    paid(till, "pm_card_pendingRefund")
    till.hears(testing.refund_requested("r-1"))
    till.asks_the_bank()
    till.stripe.let_time_pass()

    assert set(till.card_bank_tells()) == {200}
    till.asks_the_bank()

    assert len(till.said(PaymentRefunded)) == 1
    assert till.complaints() == []


def test_a_refund_that_comes_back_days_later_is_owed_and_people_are_called(till) -> None:
    """P3: succeeded, then reversed."""
    payment_id = paid(till, "pm_card_refundFail")
    till.hears(testing.refund_requested("r-1", [MUG]))
    till.asks_the_bank()
    assert len(till.said(PaymentRefunded)) == 1
    till.stripe.let_time_pass()

    for how in ("twice", "plain"):
        till.card_bank_tells(how)
        till.asks_the_bank()

    assert till.ann.get("/refunds/r-1").get_json()["status"] == "reversed"
    assert [one.code for one in till.said(PaymentRefundFailed)] == ["refund_refused"]
    assert till.status(payment_id) == "partially_refunded"
    assert till.balances() == {
        "provider_receivable:stripe": 3000,
        "customer_prepaid": -2001,
        "refunds_owed": -999,
    }
    assert till.complaints() == []


def test_what_was_refunded_behind_our_back_is_kept_for_people(till) -> None:
    payment_id = paid(till)
    with till.stripe.book.reading() as book:
        ((ref,),) = book.execute("SELECT id FROM intents").fetchall()
    till.outside.by_prefix["pm_"].refund("somebody-elses", ref, MUG.amount)

    assert set(till.card_bank_tells()) == {200}
    till.asks_the_bank()

    assert till.status(payment_id) == "captured"
    assert till.quarantined() == ["9.99 CNY went back, and we asked for 0.00 CNY"]
    assert till.said(PaymentRefunded) == []
