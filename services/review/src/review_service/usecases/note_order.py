"""Remember what somebody bought and has, and until when it may be reviewed."""

from __future__ import annotations

from collections.abc import Iterable

from review_service.store import accounts, orders
from review_service.usecases import times
from shop_events import Tx


def note_ordered(
    tx: Tx, order_id: str, *, account_id: str, lines: Iterable[orders.Ordered]
) -> None:
    """What was ordered. Not kept of somebody erased, nor of an order that is closed."""
    if _is_kept(tx, order_id, account_id):
        orders.note_ordered(tx.connection, order_id, lines)


def note_received(tx: Tx, order_id: str, *, account_id: str, line_ids: Iterable[str]) -> None:
    """The buyer has these lines and may review them from now on."""
    if _is_kept(tx, order_id, account_id):
        orders.note_received(tx.connection, order_id, line_ids, received_at=tx.now)


def note_completed(tx: Tx, order_id: str, *, account_id: str) -> None:
    """The order is completed: reviewing ends in thirty days."""
    closes_at = tx.now + times.REVIEWABLE_FOR
    if not _is_kept(tx, order_id, account_id):
        return
    if orders.note_completed(tx.connection, order_id, closes_at=closes_at):
        tx.schedule(times.REVIEWING_OVER, order_id, closes_at)


def _is_kept(tx: Tx, order_id: str, account_id: str) -> bool:
    """Lock account and order, in this order; whether anything of it is to be kept."""
    if accounts.lock(tx.connection, account_id):
        return False
    return orders.lock(tx.connection, order_id, account_id=account_id)
