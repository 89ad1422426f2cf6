"""Promise an order to its buyer."""

from __future__ import annotations

from order_service.domain.order import Order
from order_service.domain.track import Track
from order_service.store import orders, promotions
from order_service.usecases import messages, times
from shop_events import Tx


def confirm_order(tx: Tx, order: Order) -> None:
    """The locked order is paid, or need not be yet. Publishes OrderConfirmed: it may be packed.

    Its coupons are used up (C1), and from now on its merchants have so many days to ship.
    """
    orders.save(tx.connection, order, order.to(Track.CONFIRMED))
    promotions.use(tx.connection, order.id)
    tx.unschedule(times.PAY_BY, order.id)
    tx.schedule(times.SHIP_BY, order.id, tx.now + times.SHIPPED_WITHIN)
    tx.publish(messages.confirmed(order))
