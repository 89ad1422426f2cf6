"""Orders by whose they are: the buyer's list and the merchant's, the newest first."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from order_service.domain.order import Order
from order_service.domain.track import Track
from order_service.store.orders import with_lines
from order_service.store.tables import order_lines, orders

Of = ColumnElement[bool]


def of_account(account_id: str) -> Of:
    """All orders of a buyer."""
    return orders.c.account_id == account_id


def of_merchant(merchant_id: str) -> Of:
    """All orders with a line of this merchant."""
    theirs = select(order_lines.c.order_id).where(order_lines.c.merchant_id == merchant_id)
    return orders.c.id.in_(theirs)


def with_words(words: str) -> Of:
    """Orders whose number begins with these words, or one of whose goods is called so."""
    called = select(order_lines.c.order_id).where(
        or_(
            order_lines.c.name.icontains(words, autoescape=True),
            order_lines.c.goods.icontains(words, autoescape=True),
        )
    )
    number = orders.c.number.startswith(words.upper(), autoescape=True)
    return or_(number, orders.c.id.in_(called))


def page(
    connection: Connection,
    whose: Of,
    *,
    tracks: Collection[Track],
    before: str | None,
    at_most: int,
) -> list[Order]:
    """Some of these orders on one of ``tracks``, older than the order ``before``."""
    query: Select[Any] = select(orders).where(whose)
    if len(tracks) < len(Track):
        query = query.where(orders.c.track.in_(list(tracks)))
    if before is not None:
        query = query.where(orders.c.id < before)
    rows = connection.execute(query.order_by(orders.c.id.desc()).limit(at_most)).all()
    return with_lines(connection, rows)


def count_by_track(connection: Connection, whose: Of) -> dict[Track, int]:
    """How many of these orders are on each track."""
    query = select(orders.c.track, func.count()).where(whose).group_by(orders.c.track)
    return {Track(track): count for track, count in connection.execute(query)}
