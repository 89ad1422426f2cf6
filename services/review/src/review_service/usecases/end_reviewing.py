"""Nobody may review an order's lines any more."""

from __future__ import annotations

from review_service.store import accounts, orders
from shop_events import Tx


def end_reviewing(tx: Tx, order_id: str) -> None:
    """Thirty days since the order was completed: its lines go, for good."""
    orders.close(tx.connection, order_id)


def forget_account(tx: Tx, account_id: str) -> None:
    """Delete what is kept of the account's orders; what is told of them later is not kept."""
    if accounts.lock(tx.connection, account_id):
        return
    accounts.note_erased(tx.connection, account_id)
    orders.forget(tx.connection, account_id)
