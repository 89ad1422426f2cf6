"""Nothing about an order will change any more."""

from __future__ import annotations

from order_service.domain.happening import Kind
from order_service.domain.track import Track
from order_service.store import orders
from order_service.usecases.tell import tell
from shop_events import Tx
from shop_events.contracts.order import OrderCompleted


def complete_order(tx: Tx, order_id: str) -> None:
    """The return window is over. Publishes OrderCompleted with the lines that were kept."""
    order = orders.lock(tx.connection, order_id)
    if not order.awaits_completion:
        return
    orders.save(tx.connection, order, order.to(Track.COMPLETED))
    tell(tx, order.id, Kind.COMPLETED)
    tx.publish(
        OrderCompleted(
            order_id=order.id,
            account_id=order.account_id,
            line_ids=tuple(line.line_id for line in order.lines if line.received),
        )
    )
