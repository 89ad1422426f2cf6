"""Refunds whose time has come: the provider is to be asked, or a debt is undone."""

from __future__ import annotations

import logging
from dataclasses import replace

from payment_service.domain import ledger
from payment_service.domain.payable import Payable
from payment_service.domain.payment import Payment
from payment_service.domain.refund import Refund, RefundState
from payment_service.domain.settlement import shares_total
from payment_service.store import books, calls, payments, refunds
from payment_service.store.calls import Call, CallKind
from payment_service.usecases import bear, messages
from payment_service.usecases.left_to_refund import paid_order
from shop_events import Money, Tx

log = logging.getLogger(__name__)


def carry_out_waiting(tx: Tx, payable: Payable) -> None:
    """Carry out what waited for the order's money, or for people's refunds of it.

    The payable is locked.
    """
    if payable.is_settled:
        for refund in refunds.waiting_of(tx.connection, payable.order_id):
            carry_out(tx, payable, refund)


def carry_out(tx: Tx, payable: Payable, refund: Refund) -> None:
    """Pay a waiting refund back; the payable is locked.

    Publishes PaymentRefunded at once where cash is still owed, or where people have paid all of it
    back by hand before, and PaymentRefundFailed where it cannot be paid back.
    """
    shared = shares_total(refund.shares, refund.amount.currency)
    if refund.shares and shared != refund.amount:
        fail_refund(tx, refund, "shares_do_not_sum")
        return
    if refund.shares and not refund.by_hand:
        paid = paid_order(tx, payable)
        if paid.people_are_paying_back(tx):
            return  # whether that goes back is not known; when it is, this is taken up again
        less = paid.less_what_went_back_by_hand(tx, refund)
        if not less.amount:
            _be_covered(tx, refund)
            return
        refund = less
    if payable.on_delivery:
        _undo_debt(tx, refund)
    else:
        payment = payments.taken_of(tx.connection, payable.order_id)
        if payment is None:
            raise LookupError(f"The order {payable.order_id} is paid by no payment.")
        reserve(tx, refund, payment)


def reserve(tx: Tx, refund: Refund, payment: Payment) -> Refund:
    """Have the provider asked, if so much is left of the locked ``payment`` (P3).

    Publishes PaymentRefundFailed otherwise.
    """
    of_payment = replace(refund, payment_id=payment.id)
    currency = payment.amount.currency
    counted = refunds.sum_of(tx.connection, payment.id, currency, succeeded=False)
    if not payment.is_taken or refund.amount > payment.amount - counted:
        return fail_refund(tx, of_payment, "exceeds_captured")
    requested = of_payment.to(RefundState.REQUESTED)
    refunds.save(tx.connection, requested)
    calls.want(tx.connection, Call(kind=CallKind.REFUND, key=refund.id), tx.now)
    tx.unschedule(messages.REFUND_UNMATCHED, refund.id)
    tx.left_work = True  # rings the bell: the provider is asked right after the commit
    return requested


def fail_refund(tx: Tx, refund: Refund, code: str) -> Refund:
    """It will not be paid back, for ``code``; people must look. Publishes PaymentRefundFailed."""
    failed = refund.to(RefundState.FAILED, code=code)
    refunds.save(tx.connection, failed)
    calls.done(tx.connection, CallKind.REFUND, refund.id)
    tx.unschedule(messages.REFUND_UNMATCHED, refund.id)
    log.error("The refund %s of order %s failed: %s.", refund.id, refund.order_id, code)
    tx.publish(messages.refund_failed(failed))
    return failed


def _undo_debt(tx: Tx, refund: Refund) -> None:
    """Cash on delivery that is not collected yet is not owed any more; nobody has to pay.

    What the buyer has received was paid in cash, and no provider can give that back.
    """
    owed = books.balance_of_order(
        tx.connection,
        refund.order_id,
        account=ledger.COD_RECEIVABLE,
        currency=refund.amount.currency,
    )
    if refund.amount > owed or bear.touches_earned(tx, refund):
        fail_refund(tx, refund, "cash_collected")
        return
    bear.book_refund(tx, refund, paid_from=ledger.COD_RECEIVABLE)
    done = refund.to(RefundState.SUCCEEDED)
    refunds.save(tx.connection, done)
    tx.unschedule(messages.REFUND_UNMATCHED, refund.id)
    tx.publish(messages.refunded(done))


def _be_covered(tx: Tx, refund: Refund) -> None:
    """People had paid all of it back; whoever asked for it hears that nothing more goes back."""
    covered = refund.to(RefundState.COVERED)
    refunds.save(tx.connection, covered)
    tx.unschedule(messages.REFUND_UNMATCHED, refund.id)
    nothing = Money.zero(refund.amount.currency)
    tx.publish(messages.refunded(replace(covered, amount=nothing, shares=())))
