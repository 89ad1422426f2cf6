"""The provider's answer to a refund."""

from __future__ import annotations

import logging

from payment_service.domain import ledger
from payment_service.domain.refund import Refund, RefundState
from payment_service.outside.provider import RefundAnswer, RefundDeclined, Refunded
from payment_service.store import books, calls, payables, payments, refunds
from payment_service.store.calls import CallKind
from payment_service.usecases import bear, messages
from payment_service.usecases.carry_out_refunds import carry_out_waiting, fail_refund
from shop_events import Tx

log = logging.getLogger(__name__)


def settle_refund(tx: Tx, refund_id: str, answer: RefundAnswer | None) -> Refund:
    """Record what the provider said; None: nothing in time, the money may have gone back or not.

    Publishes PaymentRefunded or PaymentRefundFailed, once; PaymentRefundFailed also where the
    provider had paid back and the money came back to it, as card banks do days later. Once a refund
    by hand has ended, what waited for it is carried out.
    """
    payable = payables.lock(tx.connection, refunds.get(tx.connection, refund_id).order_id)
    refund = refunds.get(tx.connection, refund_id)
    if not refund.is_open:
        return _look_again(tx, refund, answer)
    settled = _settle(tx, refund, answer)
    if settled.by_hand and not settled.is_open:
        carry_out_waiting(tx, payable)
    return settled


def _settle(tx: Tx, refund: Refund, answer: RefundAnswer | None) -> Refund:
    match answer:
        case RefundDeclined():
            return fail_refund(tx, refund, answer.code)
        case Refunded():
            return _succeed(tx, refund)
        case _:
            return _leave_open(tx, refund)


def _leave_open(tx: Tx, refund: Refund) -> Refund:
    if refund.state is RefundState.PROCESSING:
        return refund
    processing = refund.to(RefundState.PROCESSING)
    refunds.save(tx.connection, processing)
    return processing


def _look_again(tx: Tx, refund: Refund, answer: RefundAnswer | None) -> Refund:
    """A refund that had ended was asked about once more, because its provider told us to."""
    if refund.state is RefundState.SUCCEEDED and isinstance(answer, RefundDeclined):
        refund = _reverse(tx, refund, answer.code)
    if answer is not None:
        calls.done(tx.connection, CallKind.REFUND, refund.id)
    return refund


def _reverse(tx: Tx, refund: Refund, code: str) -> Refund:
    reversed_ = refund.to(RefundState.REVERSED, code=code)
    refunds.save(tx.connection, reversed_)
    payment = payments.get(tx.connection, refund.payment_id or "")
    posting = ledger.refund_reversed(
        refund.id, refund.order_id, provider=payment.provider, amount=refund.amount
    )
    books.add(tx.connection, posting, tx.now)
    log.error("The refund %s of order %s came back: %s.", refund.id, refund.order_id, code)
    tx.publish(messages.refund_failed(reversed_))
    return reversed_


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
