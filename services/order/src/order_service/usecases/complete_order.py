"""Nothing about an order will change any more."""

from __future__ import annotations

from order_service.domain.order import Order
from order_service.domain.track import Track
from order_service.store import orders
from order_service.usecases import times
from shop_events import Tx
from shop_events.contracts.order import OrderCompleted


def await_completion(tx: Tx, order: Order) -> None:
    """Once every unit was received or cancelled, the return window runs; else nothing."""
    if order.track is Track.CONFIRMED and order.all_settled:
        tx.schedule(times.RETURN_WINDOW_OVER, order.id, tx.now + times.RETURN_WINDOW)


def complete_order(tx: Tx, order_id: str) -> None:
    """The return window is over. Publishes OrderCompleted with the lines that were kept."""
    order = orders.lock(tx.connection, order_id)
    if order.track is not Track.CONFIRMED or not order.all_settled:
        return
    orders.save(tx.connection, order, order.to(Track.COMPLETED))
    tx.publish(
        OrderCompleted(
            order_id=order.id,
            account_id=order.account_id,
            line_ids=tuple(line.line_id for line in order.lines if line.received),
        )
    )
