"""Keep a quote that a buyer may turn into an order."""

from __future__ import annotations

from order_service.domain.quote import Quote
from order_service.store import quotes
from shop_events import Tx


def offer_quote(tx: Tx, quote: Quote) -> Quote:
    """Keep ``quote``; it says itself until when it is good."""
    quotes.add(tx.connection, quote)
    return quote
