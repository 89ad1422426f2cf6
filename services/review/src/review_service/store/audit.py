"""Looks for rows that contradict each other. Each statement finds only what must not be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select

from review_service.store.tables import accounts, order_lines, orders

# What is wrong, in a sentence with the columns found, and how it is found.
_CONTRADICTIONS: Final = (
    (
        "The order {id} is closed, and its line {line_id} is kept.",
        select(orders.c.id, order_lines.c.line_id)
        .join(order_lines, order_lines.c.order_id == orders.c.id)
        .where(orders.c.closed),
    ),
    (
        "F5: the order {id} should be closed since {closes_at}.",
        select(orders.c.id, orders.c.closes_at).where(
            ~orders.c.closed, orders.c.closes_at < bindparam("late")
        ),
    ),
    (
        "The order {id} is closed without having been completed.",
        select(orders.c.id).where(orders.c.closed, orders.c.closes_at.is_(None)),
    ),
    (
        "The order {id} is kept, and its account was erased.",
        select(orders.c.id).join(
            accounts, (accounts.c.account_id == orders.c.account_id) & accounts.c.erased
        ),
    ),
)


def contradictions(connection: Connection, *, late: datetime) -> Iterator[str]:
    """A sentence for each thing in these tables that must not be.

    What should have been closed before ``late`` and is not, is wrong.
    """
    for sentence, statement in _CONTRADICTIONS:
        given = {"late": late} if "late" in statement.compile().params else {}
        for row in connection.execute(statement, given).mappings():
            yield sentence.format(**row)
