"""Goods that their merchant does not send: by his own wish, or because his time is over."""

from __future__ import annotations

from order_service.domain.errors import NotCancellable
from order_service.domain.happening import Kind
from order_service.domain.order import Order
from order_service.domain.parcel import unsent
from order_service.domain.track import UNDER_WAY, Track
from order_service.store import orders, parcels
from order_service.usecases import times
from order_service.usecases.tell import tell
from shop_events import Tx
from shop_events.contracts.order import AskedBy, OrderCancellationRequested


def cancel_own_lines(tx: Tx, order_id: str, *, merchant_id: str) -> Order:
    """A merchant cannot deliver what is left of his part. Publishes OrderCancellationRequested.

    Logistics answers; what stays in the warehouse is paid back, for the seller's side (M9).

    Raises:
        OrderNotFound: there is no such order, or no line of it is this merchant's.
        NotCancellable: it is not confirmed yet, is over, or all his goods are gone.
    """
    order = orders.lock(tx.connection, order_id, merchant_id=merchant_id)
    own = {line.line_id for line in order.lines if line.merchant_id == merchant_id}
    if order.track not in UNDER_WAY:
        raise NotCancellable(order_id, f"it is {order.track}")
    left = tuple(line_id for line_id in order.unanswered if line_id in own)
    if not left:
        raise NotCancellable(order_id, "your parcels are on their way")
    _ask(tx, order, left, by=AskedBy.MERCHANT)
    tell(tx, order_id, Kind.CANCELLATION_ASKED, key=merchant_id, by=AskedBy.MERCHANT)
    return order


def cancel_what_was_not_shipped(tx: Tx, order_id: str) -> None:
    """Seven days have passed since the order was confirmed (FEATURES 84).

    Publishes OrderCancellationRequested for the lines of which something was never sent, and comes
    again every day until logistics has answered for them. Goods on their way are left alone.
    """
    order = orders.lock(tx.connection, order_id)
    left = unsent(order, parcels.of_orders(tx.connection, [order_id])[order_id])
    if order.track is not Track.CONFIRMED or not left:
        return
    _ask(tx, order, left, by=AskedBy.ADMIN)
    tell(tx, order_id, Kind.NOT_SHIPPED)
    tx.schedule(times.SHIP_BY, order_id, tx.now + times.ASK_FOR_UNSENT_AGAIN_AFTER)


def _ask(tx: Tx, order: Order, line_ids: tuple[str, ...], *, by: AskedBy) -> None:
    tx.publish(OrderCancellationRequested(order_id=order.id, line_ids=line_ids, asked_by=by))
