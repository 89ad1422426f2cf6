"""Looks for rows that contradict each other. Each statement finds only what must not be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, or_, select

from cart_service.domain.goods import MOST_LINES, MOST_UNITS
from cart_service.store.tables import cart_lines, carts, removed_lines, skus

# What is wrong, in a sentence with the columns found, and how it is found.
_CONTRADICTIONS: Final = (
    (
        "The cart {cart_id} has {lines} lines.",
        select(cart_lines.c.cart_id, func.count().label("lines"))
        .group_by(cart_lines.c.cart_id)
        .having(func.count() > MOST_LINES),
    ),
    (
        "The cart {cart_id} has {lines} lines for the SKU {sku_id}.",
        select(cart_lines.c.cart_id, cart_lines.c.sku_id, func.count().label("lines"))
        .group_by(cart_lines.c.cart_id, cart_lines.c.sku_id)
        .having(func.count() > 1),
    ),
    (
        "The line {id} has {quantity} units.",
        select(cart_lines.c.id, cart_lines.c.quantity).where(
            or_(cart_lines.c.quantity < 1, cart_lines.c.quantity > MOST_UNITS)
        ),
    ),
    (
        "The line {id} is of a SKU that nobody told of: {sku_id}.",
        select(cart_lines.c.id, cart_lines.c.sku_id)
        .outerjoin(skus, skus.c.sku_id == cart_lines.c.sku_id)
        .where(skus.c.sku_id.is_(None)),
    ),
    (
        "The line {id} belongs to no cart.",
        select(cart_lines.c.id)
        .outerjoin(carts, carts.c.id == cart_lines.c.cart_id)
        .where(carts.c.id.is_(None)),
    ),
    (
        "The line {id} was removed, and is there.",
        select(cart_lines.c.id).join(removed_lines, removed_lines.c.line_id == cart_lines.c.id),
    ),
    (
        "The guest's cart {id} was last used at {used_at}.",
        select(carts.c.id, carts.c.used_at).where(
            carts.c.account_id.is_(None), carts.c.used_at < bindparam("unused_since")
        ),
    ),
)


def contradictions(connection: Connection, *, unused_since: datetime) -> Iterator[str]:
    """A sentence for each thing in these tables that must not be.

    No guest's cart last used before ``unused_since`` should be left.
    """
    for sentence, statement in _CONTRADICTIONS:
        known = statement.compile().params
        given = {"unused_since": unused_since} if "unused_since" in known else {}
        for row in connection.execute(statement, given).mappings():
            yield sentence.format(**row)
