"""Looks for rows that contradict each other. Each statement finds only what must not be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, func, select

from aftersales_service.store.tables import accounts, order_lines, orders, parcel_lines, parcels

_DELIVERED: Final = (
    select(
        parcels.c.order_id,
        parcel_lines.c.line_id,
        func.sum(parcel_lines.c.quantity).label("delivered"),
    )
    .join(parcels, parcels.c.id == parcel_lines.c.parcel_id)
    .group_by(parcels.c.order_id, parcel_lines.c.line_id)
    .subquery()
)

# What is wrong, in a sentence with the columns found, and how it is found.
_CONTRADICTIONS: Final = (
    (
        "A3: line {line_id} of the order {order_id} has {quantity} units, delivered: {delivered}.",
        select(
            order_lines.c.order_id,
            order_lines.c.line_id,
            order_lines.c.quantity,
            _DELIVERED.c.delivered,
        )
        .join(
            _DELIVERED,
            (_DELIVERED.c.order_id == order_lines.c.order_id)
            & (_DELIVERED.c.line_id == order_lines.c.line_id),
        )
        .where(_DELIVERED.c.delivered > order_lines.c.quantity),
    ),
    (
        "Parcels of the order {order_id} hold line {line_id}, which was not ordered.",
        select(_DELIVERED.c.order_id, _DELIVERED.c.line_id)
        .join(orders, (orders.c.id == _DELIVERED.c.order_id) & orders.c.confirmed)
        .outerjoin(
            order_lines,
            (_DELIVERED.c.order_id == order_lines.c.order_id)
            & (_DELIVERED.c.line_id == order_lines.c.line_id),
        )
        .where(order_lines.c.line_id.is_(None)),
    ),
    (
        "The order {id} is confirmed and has no lines, or has lines and is not confirmed.",
        select(orders.c.id).where(
            orders.c.confirmed
            != select(order_lines.c.line_id).where(order_lines.c.order_id == orders.c.id).exists()
        ),
    ),
    (
        "The order {id} is kept, and its account was erased.",
        select(orders.c.id).join(
            accounts, (accounts.c.account_id == orders.c.account_id) & accounts.c.erased
        ),
    ),
)


def contradictions(connection: Connection) -> Iterator[str]:
    """A sentence for each thing in these tables that must not be."""
    for sentence, statement in _CONTRADICTIONS:
        for row in connection.execute(statement).mappings():
            yield sentence.format(**row)
