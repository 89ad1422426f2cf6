"""Rows that belong to orders, and rows that are written once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from shop_events.sql import insert_on


def of_orders(
    connection: Connection, table: Table, order_ids: Sequence[str]
) -> Mapping[str, list[Row[Any]]]:
    """The rows of these orders, by order; an order without any has an empty list."""
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(select(table).where(table.c.order_id.in_(order_ids))):
        found[row.order_id].append(row)
    return found


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert the row unless one with its key is there; whether it was inserted."""
    quietly = insert_on(connection, table).values(values).on_conflict_do_nothing()
    return connection.execute(quietly).rowcount > 0
