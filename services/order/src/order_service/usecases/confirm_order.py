"""Promise an order to its buyer."""

from __future__ import annotations

from order_service.domain.order import Order
from order_service.domain.track import Track
from order_service.store import orders
from order_service.usecases import messages, times
from shop_events import Tx


def confirm_order(tx: Tx, order: Order) -> None:
    """The locked order is paid, or need not be yet. Publishes OrderConfirmed: it may be packed."""
    orders.save(tx.connection, order, order.to(Track.CONFIRMED))
    tx.unschedule(times.PAY_BY, order.id)
    tx.publish(messages.confirmed(order))
