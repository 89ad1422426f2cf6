"""Forget somebody."""

from __future__ import annotations

from aftersales_service.store import accounts, orders
from shop_events import Tx


def forget_account(tx: Tx, account_id: str) -> None:
    """Delete what is kept of the account's orders; what is told of them later is not kept."""
    if accounts.lock(tx.connection, account_id):
        return
    accounts.note_erased(tx.connection, account_id)
    orders.forget(tx.connection, account_id)
