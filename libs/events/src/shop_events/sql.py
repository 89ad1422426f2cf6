"""What PostgreSQL and SQLite spell alike and SQLAlchemy spells twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

# For rooms that pass a connection on and speak no SQL themselves.
__all__ = ["Connection", "Upsert", "insert_on", "insert_once", "on_conflict"]

Upsert = postgresql.Insert | sqlite.Insert


def insert_on(connection: Connection, table: Table) -> Upsert:
    """An INSERT that knows ON CONFLICT, in the dialect of this connection."""
    return _insert(connection.dialect.name, table)


def on_conflict(
    connection: Connection, table: Table, finish: Callable[[Upsert], Executable]
) -> Executable:
    """The INSERT into ``table`` as ``finish`` completes it; built once for each dialect.

    Building a statement costs more than executing it, so what runs for every event is kept.
    """
    return _finished(connection.dialect.name, table, finish)


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one of its unique keys is taken; whether it was inserted.

    Asks what the statement returns: ``rowcount`` of an INSERT is -1 on PostgreSQL.
    """
    once = on_conflict(connection, table, _unless_taken)
    return connection.execute(once, dict(values)).first() is not None


def _unless_taken(row: Upsert) -> Executable:
    return row.on_conflict_do_nothing().returning(*row.table.primary_key)


@cache
def _finished(dialect: str, table: Table, finish: Callable[[Upsert], Executable]) -> Executable:
    return finish(_insert(dialect, table))


def _insert(dialect: str, table: Table) -> Upsert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
