"""Close an order of which nothing will be delivered."""

from __future__ import annotations

from order_service.domain.happening import Kind
from order_service.domain.order import Order
from order_service.domain.track import Track
from order_service.store import orders, promotions
from order_service.usecases import messages, times
from order_service.usecases.tell import tell
from shop_events import Tx
from shop_events.contracts.order import CancelReason


def end_order(tx: Tx, order: Order, reason: CancelReason) -> Order:
    """End the locked order, never confirmed. Publishes OrderCancelled: holds end, too."""
    ended = order.to(Track.CANCELLED, reason=reason)
    orders.save(tx.connection, order, ended)
    tx.unschedule(times.PAY_BY, order.id)
    let_go(tx, ended)
    return ended


def let_go(tx: Tx, ended: Order) -> None:
    """The order is cancelled. Publishes OrderCancelled: an open payment is void.

    Its coupons are its buyer's again; one that expired meanwhile is good for three more days (C1,
    FEATURES 54).
    """
    promotions.give_back(tx.connection, ended.id, tx.now, times.COUPON_GRACE)
    tell(tx, ended.id, Kind.CANCELLED, reason=ended.cancel_reason or CancelReason.BUYER)
    tx.publish(messages.cancelled(ended))
