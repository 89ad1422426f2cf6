"""End an order that its buyer does not want any more."""

from __future__ import annotations

import logging
from typing import Final

from order_service.domain.errors import NotCancellable
from order_service.domain.happening import Kind
from order_service.domain.order import Order
from order_service.domain.parcel import all_delivered
from order_service.domain.track import UNCONFIRMED, Track
from order_service.store import orders, parcels
from order_service.usecases import times
from order_service.usecases.end_order import end_order
from order_service.usecases.tell import tell
from shop_events import Tx
from shop_events.contracts.order import AskedBy, CancelReason, OrderCancellationRequested

log = logging.getLogger(__name__)

_RETURN_IT: Final = "What you do not want to keep can be returned"


def cancel_order(tx: Tx, order_id: str, *, account_id: str) -> Order:
    """The buyer cancels. Before confirmation that is the end and publishes OrderCancelled.

    Afterwards logistics decides, since the parcel may be gone: OrderCancellationRequested is
    published, and the order goes on from the answers. Asking twice asks once.

    Raises:
        OrderNotFound: there is no such order, or it is somebody else's.
        NotCancellable: it is over, or every unit has been sent, delivered or received.
    """
    order = orders.lock(tx.connection, order_id, account_id=account_id)
    if order.track in (Track.CANCELLED, Track.CANCELLING):
        return order
    if order.track in UNCONFIRMED:
        return end_order(tx, order, CancelReason.BUYER)
    if order.track is Track.COMPLETED or order.all_settled:
        raise NotCancellable(order_id, f"everything in it was received. {_RETURN_IT}")
    if all_delivered(order, parcels.of_orders(tx.connection, [order_id])[order_id]):
        raise NotCancellable(order_id, f"it was delivered. {_RETURN_IT}")
    if not order.unanswered:
        raise NotCancellable(order_id, "its parcels are on their way")
    cancelling = order.to(Track.CANCELLING, reason=CancelReason.BUYER)
    orders.save(tx.connection, order, cancelling)
    _ask_logistics(tx, cancelling)
    tell(tx, order.id, Kind.CANCELLATION_ASKED, key=tx.now.isoformat(), by=AskedBy.BUYER)
    return cancelling


def ask_again(tx: Tx, order_id: str) -> None:
    """A cancellation takes an hour already: ask logistics again, or tell people about the refund.

    Publishes OrderCancellationRequested if a unit is not answered for. A refund is payment's to
    settle, and a failed one people's; here is nothing to do but to say so, every hour.
    """
    order = orders.lock(tx.connection, order_id)
    if order.track is not Track.CANCELLING:
        return
    if order.unanswered and not order.all_cancelled:
        _ask_logistics(tx, order)
        return
    log.warning("The order %s still waits for a refund before it can end.", order_id)
    tx.schedule(times.CANCELLATION_OPEN, order.id, tx.now + times.ASK_AGAIN_AFTER)


def _ask_logistics(tx: Tx, order: Order) -> None:
    tx.publish(
        OrderCancellationRequested(
            order_id=order.id, line_ids=order.unanswered, asked_by=AskedBy.BUYER
        )
    )
    tx.schedule(times.CANCELLATION_OPEN, order.id, tx.now + times.ASK_AGAIN_AFTER)
