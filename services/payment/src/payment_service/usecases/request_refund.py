"""Somebody wants money to go back."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from payment_service.domain.refund import Refund, RefundState
from payment_service.store import payables, payments, refunds
from payment_service.usecases import messages
from payment_service.usecases.carry_out_refunds import carry_out, fail_refund, reserve
from shop_events import Money, Tx

UNMATCHED_AFTER: Final = timedelta(hours=24)


def request_refund(tx: Tx, refund: Refund) -> None:
    """Pay ``refund`` back as soon as its order's money is known. Told twice, it is paid once.

    What people had paid back of the same lines by hand is taken off; what is left may be nothing.
    Publishes PaymentRefunded at once where only a debt is undone, or nothing is left to pay back,
    PaymentRefundFailed where it cannot be paid back at all; otherwise the provider is asked, and
    its answer published. What comes before the order's confirmation waits for it, a day at most.
    """
    payable = payables.lock(tx.connection, refund.order_id)
    if not refunds.add(tx.connection, refund, tx.now):
        return
    if payable.is_settled:
        carry_out(tx, payable, refund)
    else:
        tx.schedule(messages.REFUND_UNMATCHED, refund.id, tx.now + UNMATCHED_AFTER)


def send_back_unexpected(tx: Tx, order_id: str, payment_id: str, amount: Money) -> None:
    """Money that the order does not want goes back in full (P9); idempotent on ``payment_id``.

    Publishes PaymentRefundFailed when that much is not left of it.

    Raises:
        PaymentNotFound: no such money was ever captured here.
    """
    payables.lock(tx.connection, order_id)
    payment = payments.lock(tx.connection, payment_id)
    refund = Refund(
        id=tx.new_id(),
        order_id=order_id,
        cause=f"unexpected:{payment_id}",
        amount=amount,
        shares=(),
        reason="payment_unexpected",
    )
    if refunds.add(tx.connection, refund, tx.now):
        reserve(tx, refund, payment)


def give_up_refund(tx: Tx, refund_id: str) -> None:
    """A day passed and nobody told of money for this refund. Publishes PaymentRefundFailed."""
    order_id = refunds.get(tx.connection, refund_id).order_id
    payables.lock(tx.connection, order_id)
    refund = refunds.get(tx.connection, refund_id)
    if refund.state is RefundState.WAITING:
        fail_refund(tx, refund, "nothing_captured")
