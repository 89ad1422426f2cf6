"""End an order that nobody wants any more."""

from __future__ import annotations

from order_service.domain.errors import NotCancellable
from order_service.domain.order import Order
from order_service.domain.track import UNCONFIRMED, Track
from order_service.store import orders
from order_service.usecases import messages, times
from shop_events import Tx
from shop_events.contracts.order import AskedBy, CancelReason, OrderCancellationRequested


def cancel_order(tx: Tx, order_id: str, *, account_id: str) -> Order:
    """The buyer cancels. Before confirmation that is the end and publishes OrderCancelled.

    Afterwards logistics decides, since the parcel may be gone: OrderCancellationRequested is
    published, and the order goes on from the answers. Asking twice asks once.

    Raises:
        OrderNotFound: there is no such order, or it is somebody else's.
        NotCancellable: it is over, or every unit has been sent or received.
    """
    orders.get(tx.connection, order_id, account_id)
    order = orders.lock(tx.connection, order_id)
    if order.track in (Track.CANCELLED, Track.CANCELLING):
        return order
    if order.track in UNCONFIRMED:
        return end(tx, order, CancelReason.BUYER)
    if order.track is Track.COMPLETED or order.all_settled:
        raise NotCancellable(order_id, "everything in it was received")
    if order.all_answered:
        raise NotCancellable(order_id, "its parcels are on their way")
    asked = order.to(Track.CANCELLING, reason=CancelReason.BUYER)
    orders.save(tx.connection, order, asked)
    ask_logistics(tx, asked)
    return asked


def ask_logistics(tx: Tx, order: Order) -> None:
    """Ask whether the goods can still be kept; ask again after an hour without an answer."""
    tx.publish(
        OrderCancellationRequested(
            order_id=order.id,
            line_ids=tuple(line.line_id for line in order.lines if line.unanswered),
            asked_by=AskedBy.BUYER,
        )
    )
    again_at = tx.now + times.ASK_AGAIN_AFTER
    tx.schedule(times.CANCELLATION_UNANSWERED, order.id, again_at)


def ask_again(tx: Tx, order_id: str) -> None:
    """Nobody answered a cancellation for an hour: ask once more, or wait on for the refund."""
    order = orders.lock(tx.connection, order_id)
    if order.track is not Track.CANCELLING:
        return
    if order.all_answered:
        again_at = tx.now + times.ASK_AGAIN_AFTER
        tx.schedule(times.CANCELLATION_UNANSWERED, order.id, again_at)
        return
    ask_logistics(tx, order)


def expire_order(tx: Tx, order_id: str) -> None:
    """The time to pay is over. Publishes OrderCancelled, which ends the hold (O8: not the paid)."""
    order = orders.lock(tx.connection, order_id)
    if order.track in UNCONFIRMED:
        end(tx, order, CancelReason.EXPIRED)


def end(tx: Tx, order: Order, reason: CancelReason) -> Order:
    """Close the order. Publishes OrderCancelled: holds end and open payments are void."""
    ended = order.to(Track.CANCELLED, reason=reason)
    orders.save(tx.connection, order, ended)
    tx.unschedule(times.PAY_BY, order.id)
    tx.unschedule(times.CANCELLATION_UNANSWERED, order.id)
    tx.publish(messages.cancelled(ended))
    return ended
