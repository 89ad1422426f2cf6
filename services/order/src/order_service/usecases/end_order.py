"""Close an order that was never confirmed."""

from __future__ import annotations

from order_service.domain.order import Order
from order_service.domain.track import Track
from order_service.store import orders
from order_service.usecases import messages, times
from shop_events import Tx
from shop_events.contracts.order import CancelReason


def end_order(tx: Tx, order: Order, reason: CancelReason) -> Order:
    """End the locked order. Publishes OrderCancelled: holds end and an open payment is void."""
    ended = order.to(Track.CANCELLED, reason=reason)
    orders.save(tx.connection, order, ended)
    tx.unschedule(times.PAY_BY, order.id)
    tx.publish(messages.cancelled(ended))
    return ended
