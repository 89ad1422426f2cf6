"""Remember what was ordered, and that an order is over."""

from __future__ import annotations

from collections.abc import Sequence

from aftersales_service.domain.order import End, Line
from aftersales_service.store import accounts, orders
from shop_events import Tx


def note_confirmed(tx: Tx, order_id: str, *, account_id: str, lines: Sequence[Line]) -> None:
    """The order's lines as they were paid for. Once, and not for somebody erased."""
    if accounts.lock(tx.connection, account_id):
        return
    orders.begin(tx.connection, order_id, account_id=account_id)
    orders.confirm(tx.connection, order_id, lines)


def note_end(tx: Tx, order_id: str, *, account_id: str, how: End) -> None:
    """Nothing of the order can be sent back any more, even if its lines are told only later."""
    if accounts.lock(tx.connection, account_id):
        return
    orders.begin(tx.connection, order_id, account_id=account_id)
    orders.end(tx.connection, order_id, how)
