"""What PostgreSQL and SQLite spell alike and SQLAlchemy spells twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

# For rooms that pass a connection on and speak no SQL themselves.
__all__ = ["Connection", "insert_on", "insert_once"]


def insert_on(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of this connection."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one of its unique keys is taken; whether it was inserted.

    Asks what the statement returns: ``rowcount`` of an INSERT is -1 on PostgreSQL.
    """
    once = insert_on(connection, table).values(dict(values)).on_conflict_do_nothing()
    return connection.execute(once.returning(*table.primary_key)).first() is not None
