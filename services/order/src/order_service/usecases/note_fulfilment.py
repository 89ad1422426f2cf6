"""Logistics began to work on a merchant's part of an order."""

from __future__ import annotations

from order_service.store import orders, told
from shop_events import Tx


def note_fulfilment(tx: Tx, order_id: str, fulfilment_id: str, merchant_id: str) -> None:
    """Remember the fulfilment. Idempotent on its id."""
    orders.lock(tx.connection, order_id)
    told.add_fulfilment(tx.connection, fulfilment_id, order_id, merchant_id)
