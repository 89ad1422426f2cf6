"""The card provider says that something happened. It is asked; its callback settles nothing.

So it does not matter whether callbacks come late, twice, in another order, or not at all: each one
only has the provider asked at once instead of on the ladder's next rung (P6, P8).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from payment_service.domain.errors import PaymentNotFound, RefundNotFound, spoken
from payment_service.domain.payment import Payment
from payment_service.domain.refund import UNDER_WAY, Refund, RefundState
from payment_service.store import callbacks, calls, payables, payments, refunds
from payment_service.store.callbacks import Quarantined, Taken
from payment_service.store.calls import CallKind
from shop_events import Money, Tx

log = logging.getLogger(__name__)

_LONGEST: Final = 64


class Outcome(StrEnum):
    """What a callback says became of the payment or refund it is about."""

    CAPTURED = "captured"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    PAID_BACK = "paid_back"  # of the payment, so much in all
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A callback whose signature was checked. ``wrong``: it cannot be about anything of ours.

    ``ref`` is the provider's name for the payment; ``amount`` is the payment's, or the refund's
    where it is about one; ``paid_back`` is what went back in all, where it says so.
    """

    provider: str
    event_id: str
    kind: str
    outcome: Outcome
    ref: str = ""
    amount: Money | None = None
    payment_id: str | None = None
    refund_id: str | None = None
    paid_back: Money | None = None
    wrong: str | None = None


def take_notice(tx: Tx, notice: Notice) -> None:
    """Record a callback and have the provider asked about what it says; repeats do nothing.

    Our payment or refund, the provider's name for it, amount and currency must match what we know
    (P5); what does not match is kept apart for people, with an alarm in the log and no effect.
    """
    if notice.wrong is not None:
        _quarantine(tx, notice, notice.wrong)
        return
    try:
        payment, refund = _locked(tx, notice)
    except (PaymentNotFound, RefundNotFound):
        _quarantine(tx, notice, "it is about nothing of ours")
        return
    mismatch = _mismatch(tx, notice, payment, refund)
    if mismatch:
        _quarantine(tx, notice, mismatch)
        return
    contradicts = _contradicts(notice, payment)
    taken = Taken(
        provider=notice.provider,
        event_id=notice.event_id,
        payment_id=payment.id,
        outcome=notice.outcome,
        contradicts=contradicts,
    )
    if not callbacks.add(tx.connection, taken, tx.now):
        return
    if contradicts:
        log.error("%s contradicts %s payment %s.", notice.kind, payment.state, payment.id)
    _ask_now(tx, notice, payment=payment, refund=refund)


def _locked(tx: Tx, notice: Notice) -> tuple[Payment, Refund | None]:
    """The payment, and the refund if it is about one, as they stand under the order's lock."""
    refund = None
    payment_id = notice.payment_id or ""
    if notice.refund_id is not None:
        payment_id = refunds.get(tx.connection, notice.refund_id).payment_id or ""
    payables.lock(tx.connection, payments.get(tx.connection, payment_id).order_id)
    payment = payments.lock(tx.connection, payment_id)
    if payment.provider != notice.provider:
        raise PaymentNotFound(payment_id)
    if notice.refund_id is not None:
        refund = refunds.get(tx.connection, notice.refund_id)
    return payment, refund


def _mismatch(tx: Tx, notice: Notice, payment: Payment, refund: Refund | None) -> str | None:
    ours = payment.amount if refund is None else refund.amount
    if payment.provider_ref != notice.ref:
        return "it names the payment otherwise than we know it"
    if notice.amount != ours:
        said = "nothing" if notice.amount is None else spoken(notice.amount)
        return f"it says {said}, and we know of {spoken(ours)}"
    if notice.paid_back is not None:
        currency = payment.amount.currency
        back = refunds.sum_of(tx.connection, payment.id, currency, succeeded=False)
        if notice.paid_back.currency != currency or notice.paid_back > back:
            return f"{spoken(notice.paid_back)} went back, and we asked for {spoken(back)}"
    return None


def _contradicts(notice: Notice, payment: Payment) -> bool:
    if notice.outcome is Outcome.CAPTURED:
        return not payment.is_taken and not payment.is_unsettled
    return notice.outcome is Outcome.CANCELLED and payment.is_taken


def _ask_now(tx: Tx, notice: Notice, *, payment: Payment, refund: Refund | None) -> None:
    if payment.is_unsettled:
        calls.hasten(tx.connection, CallKind.QUERY, payment.id, tx.now)
    asked = refunds.under_way_of(tx.connection, payment.id) if refund is None else [refund]
    came_back = notice.outcome is Outcome.REFUND_FAILED
    for one in asked:
        if one.state in UNDER_WAY or (one.state is RefundState.SUCCEEDED and came_back):
            calls.hasten(tx.connection, CallKind.REFUND, one.id, tx.now)
    tx.left_work = True  # rings the bell


def _quarantine(tx: Tx, notice: Notice, why: str) -> None:
    claimed = notice.payment_id or notice.refund_id
    kept = Quarantined(
        provider=notice.provider,
        event_id=notice.event_id,
        kind=notice.kind[:_LONGEST],
        payment_id=None if claimed is None else claimed[:_LONGEST],
        why=why,
    )
    if callbacks.quarantine(tx.connection, kept, tx.now):
        log.error("The callback %s is in quarantine: %s.", notice.event_id, why)
