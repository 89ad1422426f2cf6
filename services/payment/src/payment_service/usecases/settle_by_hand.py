"""People paid a refund by hand that no provider could."""

from __future__ import annotations

from dataclasses import replace

from payment_service.domain import ledger
from payment_service.domain.payable import Payable
from payment_service.domain.refund import Refund, RefundState
from payment_service.store import books, payables, payments, refunds
from payment_service.usecases import bear, messages
from payment_service.usecases.left_to_refund import PaidOrder, paid_order
from shop_events import Tx


def settle_by_hand(tx: Tx, refund_id: str, *, reference: str, by: str) -> Refund:
    """Record that ``by`` has paid a failed or reversed refund back from our own bank account.

    ``reference`` is the bank's or the cash desk's number for it; both are kept. Publishes
    PaymentRefunded. A refund is settled by hand once.

    Raises:
        RefundNotFound: there is none.
        IllegalTransition: it did not fail, or was settled by hand before.
        NothingCaptured: there is no money of the order that could be paid back.
        ExceedsCaptured: more than what is left of what was paid (P3).
        ExceedsLine: more than what is left of a line.
    """
    order_id = refunds.get(tx.connection, refund_id).order_id
    payable = payables.lock(tx.connection, order_id)
    refund = refunds.get(tx.connection, refund_id)
    done = refund.to(RefundState.MANUAL, code=refund.code)
    if refund.state is RefundState.REVERSED:
        posting = ledger.owed_refund_paid(refund.id, order_id, refund.amount)
        books.add(tx.connection, posting, tx.now)
    else:
        done = _matched(tx, payable, done)
        bear.book_refund(tx, done, paid_from=ledger.PLATFORM_BANK)
    refunds.save(tx.connection, done)
    refunds.note_settled_by_hand(tx.connection, refund.id, reference=reference, by=by, at=tx.now)
    _count(tx, done)
    tx.publish(messages.refunded(done))
    return done


def _matched(tx: Tx, payable: Payable, refund: Refund) -> Refund:
    """The refund with the payment it goes back of, of which so much is left."""
    paid = _payment_of(tx, refund) or paid_order(tx, payable)
    paid.must_leave(tx, refund.amount)
    if refund.shares:
        paid.must_leave_shares(tx, refund.shares, None)
    return replace(refund, payment_id=None if paid.payment is None else paid.payment.id)


def _payment_of(tx: Tx, refund: Refund) -> PaidOrder | None:
    """The payment it was to go back to, where there was one: not always the order's own (P9)."""
    if refund.payment_id is None:
        return None
    payment = payments.lock(tx.connection, refund.payment_id)
    if not payment.is_taken:
        return None
    return PaidOrder(order_id=refund.order_id, amount=payment.amount, payment=payment)


def _count(tx: Tx, refund: Refund) -> None:
    """The payment shows what its buyer has got back, whoever paid it."""
    if refund.payment_id is not None:
        payment = payments.lock(tx.connection, refund.payment_id)
        back = refunds.sum_of(tx.connection, payment.id, payment.amount.currency, succeeded=True)
        payments.save(tx.connection, payment.with_paid_back(back))
