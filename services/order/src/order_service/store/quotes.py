"""Quotes: put in once, used once, swept when nobody needs them any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from order_service.domain.errors import QuoteNotFound
from order_service.domain.quote import NOBODY, Destination, Quote
from order_service.store import texts
from order_service.store.tables import quotes

SWEEP_AT_ONCE: Final = 1_000


def add(connection: Connection, quote: Quote) -> None:
    """Keep a new quote."""
    row = {
        "id": quote.id,
        "account_id": quote.account_id,
        "body": texts.written(replace(quote, destination=_nobodys(quote))),
        "destination": texts.written(quote.destination),
        "expires_at": quote.expires_at,
    }
    connection.execute(insert(quotes), row)


def lock(connection: Connection, quote_id: str) -> Quote:
    """The quote, locked until this transaction ends, so that it makes one order only.

    Raises:
        QuoteNotFound: there is none.
    """
    row = connection.execute(_ONE.with_for_update(), {"of_quote": quote_id}).first()
    if row is None:
        raise QuoteNotFound(quote_id)
    return _quote(row)


def get(connection: Connection, quote_id: str, account_id: str) -> Quote:
    """The quote, if it is this account's; anybody may look at one that is nobody's.

    Raises:
        QuoteNotFound: there is none, or it is somebody else's.
    """
    row = connection.execute(_ONE, {"of_quote": quote_id}).first()
    if row is None or row.account_id not in (NOBODY, account_id):
        raise QuoteNotFound(quote_id)
    return _quote(row)


def mark_used(connection: Connection, quote_id: str, order_id: str) -> None:
    """The quote became this order."""
    connection.execute(update(quotes).where(quotes.c.id == quote_id).values(order_id=order_id))


def sweep(connection: Connection, before: datetime) -> int:
    """Delete some of those that expired before; how many. They hold addresses."""
    old = select(quotes.c.id).where(quotes.c.expires_at < before).limit(SWEEP_AT_ONCE)
    return connection.execute(delete(quotes).where(quotes.c.id.in_(old))).rowcount


def forget(connection: Connection, account_id: str) -> None:
    """Delete all of this account."""
    connection.execute(delete(quotes).where(quotes.c.account_id == account_id))


_ONE: Final = select(quotes).where(quotes.c.id == bindparam("of_quote"))


def _quote(row: Row[Any]) -> Quote:
    destination = texts.read(Destination, row.destination)
    return replace(texts.read(Quote, row.body), order_id=row.order_id, destination=destination)


def _nobodys(quote: Quote) -> Destination:
    """What names a person has a column of its own, and is nowhere else."""
    return Destination(division_code=quote.destination.division_code)
