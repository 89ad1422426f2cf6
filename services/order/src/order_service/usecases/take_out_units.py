"""Units that will not be delivered: what they cost goes back."""

from __future__ import annotations

from order_service.domain.explanation import as_people_read
from order_service.domain.happening import Kind
from order_service.domain.order import Order, amount_of
from order_service.domain.refund import Refund, RefundState
from order_service.domain.units import Units
from order_service.store import refunds
from order_service.usecases import messages
from order_service.usecases.tell import tell
from shop_events import Tx
from shop_events.contracts.order import CancelReason, OrderRefundRequested


def take_out_units(
    tx: Tx, order: Order, units: Units, *, cause: str, reason: CancelReason
) -> Order:
    """The locked order without these units. Publishes OrderRefundRequested for what they cost.

    Payment knows whether there is money to pay back or only a debt to undo. Idempotent on
    ``cause``; whoever calls this writes the order.
    """
    changed, shares = order.cancel_units(units)
    amount = amount_of(shares, order.currency)
    refund = Refund(
        id=tx.new_id(),
        cause=cause,
        amount=amount,
        state=RefundState.REQUESTED if amount else RefundState.DONE,
    )
    if not refunds.add(tx.connection, order.id, refund):
        return order
    tell(tx, order.id, Kind.TAKEN_OUT, key=cause)
    if amount and not order.on_delivery:
        words = as_people_read(amount)
        tell(tx, order.id, Kind.REFUND_ASKED, key=refund.id, amount=words)
    if amount:
        tx.publish(
            OrderRefundRequested(
                refund_id=refund.id,
                order_id=order.id,
                amount=amount,
                shares=messages.refund_shares(shares),
                reason=reason,
            )
        )
    return changed
