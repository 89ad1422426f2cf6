"""The time to pay is over."""

from __future__ import annotations

from order_service.domain.track import UNCONFIRMED
from order_service.store import orders
from order_service.usecases.end_order import end_order
from shop_events import Tx
from shop_events.contracts.order import CancelReason


def expire_order(tx: Tx, order_id: str) -> None:
    """End an order that nobody paid. Publishes OrderCancelled, which ends the hold.

    It is this call that decides and not the clock: money that arrives after ``pay_by``, but before
    this, still counts. What is confirmed is left alone (O8).
    """
    order = orders.lock(tx.connection, order_id)
    if order.track in UNCONFIRMED:
        end_order(tx, order, CancelReason.EXPIRED)
