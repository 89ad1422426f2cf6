"""Every pair of states of payments and refunds, against the tables."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from payment_service.domain import payment as payments
from payment_service.domain import refund as refunds
from payment_service.domain.errors import IllegalTransition
from payment_service.domain.payment import Payment, PaymentState
from payment_service.domain.refund import Refund, RefundState
from payment_service.testing import TOTAL, cny

PAYMENT_STEPS = """
created processing      created failed            created cancelled
processing captured     processing failed         processing cancelled
processing action_required                        action_required captured
action_required failed  action_required cancelled
captured partially_refunded  captured refunded    partially_refunded refunded
"""
REFUND_STEPS = """
waiting requested       waiting succeeded         waiting failed          waiting covered
requested processing    requested succeeded       requested failed
processing succeeded    processing failed
succeeded reversed       failed manual             reversed manual
"""


def steps(text: str) -> set[tuple[str, str]]:
    words = text.split()
    return set(zip(words[::2], words[1::2], strict=True))


def a_payment(state: PaymentState = PaymentState.CREATED) -> Payment:
    return Payment(
        id="p-1",
        order_id="o-1",
        account_id="ann",
        amount=TOTAL,
        method="card",
        provider="pretend",
        created_at=datetime(2026, 11, 22, tzinfo=UTC),
        state=state,
    )


def a_refund(state: RefundState) -> Refund:
    return Refund(
        id="r-1", order_id="o-1", cause="c", amount=TOTAL, shares=(), reason="buyer", state=state
    )


@pytest.mark.parametrize(("now", "wanted"), list(product(PaymentState, PaymentState)))
def test_a_payment_goes_where_its_table_leads_and_nowhere_else(
    now: PaymentState, wanted: PaymentState
) -> None:
    if (now, wanted) in steps(PAYMENT_STEPS):
        assert a_payment(now).to(wanted).state is wanted
        return
    with pytest.raises(IllegalTransition, match="cannot become"):
        a_payment(now).to(wanted)


@pytest.mark.parametrize(("now", "wanted"), list(product(RefundState, RefundState)))
def test_a_refund_goes_where_its_table_leads_and_nowhere_else(
    now: RefundState, wanted: RefundState
) -> None:
    if (now, wanted) in steps(REFUND_STEPS):
        assert a_refund(now).to(wanted).state is wanted
        return
    with pytest.raises(IllegalTransition, match="cannot become"):
        a_refund(now).to(wanted)


def test_an_illegal_step_names_the_legal_ones() -> None:
    with pytest.raises(IllegalTransition, match="only cancelled, failed, processing"):
        a_payment().captured("ref")


def test_failed_cancelled_and_refunded_are_the_end() -> None:
    assert {state for state in PaymentState if not payments.NEXT[state]} == payments.OVER


def test_only_refunds_that_went_back_or_may_have_count_against_the_captured_money() -> None:
    never = {RefundState.WAITING, RefundState.FAILED, RefundState.COVERED}
    assert set(RefundState) - refunds.COUNTED == never


def test_a_payment_is_refunded_once_all_of_it_went_back() -> None:
    captured = a_payment(PaymentState.CAPTURED)

    some = captured.with_paid_back(cny("10.00"))
    more = some.with_paid_back(cny("20.00"))
    everything = more.with_paid_back(TOTAL)

    assert some.state is more.state is PaymentState.PARTIALLY_REFUNDED
    assert everything.state is PaymentState.REFUNDED
