"""The provider's answer to a refund."""

from __future__ import annotations

from payment_service.domain import ledger
from payment_service.domain.refund import Refund, RefundState
from payment_service.outside.provider import RefundAnswer, RefundDeclined
from payment_service.store import calls, payables, payments, refunds
from payment_service.store.calls import CallKind
from payment_service.usecases import bear, messages
from payment_service.usecases.carry_out_refunds import fail_refund
from shop_events import Tx


def settle_refund(tx: Tx, refund_id: str, answer: RefundAnswer | None) -> Refund:
    """Record what the provider said; None: nothing in time, the money may have gone back or not.

    Publishes PaymentRefunded or PaymentRefundFailed, once.
    """
    payables.lock(tx.connection, refunds.get(tx.connection, refund_id).order_id)
    refund = refunds.get(tx.connection, refund_id)
    if refund.is_over:
        return refund
    if answer is None:
        return _leave_open(tx, refund)
    if isinstance(answer, RefundDeclined):
        return fail_refund(tx, refund, answer.code)
    return _succeed(tx, refund)


def _leave_open(tx: Tx, refund: Refund) -> Refund:
    if refund.state is RefundState.PROCESSING:
        return refund
    processing = refund.to(RefundState.PROCESSING)
    refunds.save(tx.connection, processing)
    return processing


def _succeed(tx: Tx, refund: Refund) -> Refund:
    done = refund.to(RefundState.SUCCEEDED)
    refunds.save(tx.connection, done)
    calls.done(tx.connection, CallKind.REFUND, refund.id)
    payment = payments.lock(tx.connection, refund.payment_id or "")
    currency = payment.amount.currency
    paid_back = refunds.sum_of(tx.connection, payment.id, currency, succeeded=True)
    payments.save(tx.connection, payment.with_paid_back(paid_back))
    bear.book_refund(tx, done, paid_from=ledger.provider_receivable(payment.provider))
    tx.publish(messages.refunded(done))
    return done
