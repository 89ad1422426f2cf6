"""Look at a quote, and at what has changed since it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from order_service.domain.change import Change, changes_since
from order_service.domain.delivery import DEFAULT
from order_service.domain.pricing import loads_of_quote, ways_for
from order_service.domain.quote import Quote
from order_service.store import copies, quotes

if TYPE_CHECKING:
    from shop_events.sql import Connection


def look_at_quote(
    connection: Connection, quote_id: str, *, account_id: str
) -> tuple[Quote, list[Change]]:
    """A quote of this account, or of nobody, and how the shop differs from it now.

    Raises:
        QuoteNotFound: there is none, or it is somebody else's.
    """
    quote = quotes.get(connection, quote_id, account_id)
    return quote, changes_of(connection, quote)


def changes_of(connection: Connection, quote: Quote) -> list[Change]:
    """What is not as it was when the quote was made, by the copies at hand."""
    if quote.offer is None:
        return []
    loads = loads_of_quote(quote)
    skus = copies.skus_of(connection, [line.sku_id for line in quote.lines])
    rates = copies.rates_of(connection, [DEFAULT, *(load.merchant_id for load in loads)])
    ways = ways_for(loads, rates, quote.destination.division_code)
    return changes_since(quote, skus, ways.find(quote.delivery_method))
