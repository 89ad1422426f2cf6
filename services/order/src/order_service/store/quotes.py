"""Quotes: put in once, used once."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from order_service.domain.errors import QuoteNotFound
from order_service.domain.quote import Quote
from order_service.store import texts
from order_service.store.tables import quotes
from shop_events.values import Money


def add(connection: Connection, quote: Quote) -> None:
    """Keep a new quote."""
    connection.execute(
        insert(quotes).values(
            id=quote.id,
            account_id=quote.account_id,
            currency=quote.currency,
            lines=texts.from_quote_lines(quote.lines),
            discount=quote.discount.minor,
            shipping=quote.shipping.minor,
            delivery_method=quote.delivery_method,
            destination=texts.from_destination(quote.destination),
            expires_at=quote.expires_at,
        )
    )


def lock(connection: Connection, quote_id: str) -> Quote:
    """The quote, locked until this transaction ends, so that it makes one order only.

    Raises:
        QuoteNotFound: there is none.
    """
    query = select(quotes).where(quotes.c.id == quote_id).with_for_update()
    row = connection.execute(query).first()
    if row is None:
        raise QuoteNotFound(quote_id)
    return Quote(
        id=row.id,
        account_id=row.account_id,
        lines=texts.to_quote_lines(row.lines, row.currency),
        discount=Money(row.discount, row.currency),
        shipping=Money(row.shipping, row.currency),
        delivery_method=row.delivery_method,
        destination=texts.to_destination(row.destination),
        expires_at=row.expires_at,
        order_id=row.order_id,
    )


def mark_used(connection: Connection, quote_id: str, order_id: str) -> None:
    """The quote became this order."""
    connection.execute(update(quotes).where(quotes.c.id == quote_id).values(order_id=order_id))
