"""Quotes that nobody needs any more hold addresses: they go."""

from __future__ import annotations

from order_service.store import quotes
from order_service.usecases import times
from shop_events import Tx


def sweep_quotes(tx: Tx) -> int:
    """Delete some quotes that expired a day ago; returns how many."""
    return quotes.sweep(tx.connection, tx.now - times.QUOTE_KEPT_FOR)
