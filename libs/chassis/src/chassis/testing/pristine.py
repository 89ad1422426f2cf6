"""A PostgreSQL database that is put back to what its migrations made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

ROOM: Final = 8 * 1024 * 1024  # bytes a database may have grown; one that is larger slows tests

_TABLES: Final = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1
"""
_SEQUENCES: Final = """
SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value),
       last_value IS NOT NULL
FROM pg_sequences ORDER BY 1
"""
# Copies of one template have the same oids, and a table that was made again has another.
_SHAPE: Final = """
SELECT md5(concat(
  (SELECT string_agg(concat_ws(' ', attrelid, attname, atttypid, attnotnull), ','
                     ORDER BY attrelid, attnum)
   FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
   WHERE relnamespace = 'public'::regnamespace),
  (SELECT string_agg(concat_ws(' ', oid, convalidated), ',' ORDER BY oid)
   FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
  (SELECT string_agg(concat_ws(' ', oid, tgenabled), ',' ORDER BY oid) FROM pg_trigger),
  (SELECT string_agg(concat_ws(' ', oid, prosrc), ',' ORDER BY oid)
   FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
  (SELECT string_agg(nspname, ',' ORDER BY oid) FROM pg_namespace WHERE nspname !~ '^pg_')
)), pg_database_size(current_database())
"""


@dataclass(frozen=True)
class Pristine:
    """How a database is when nothing was done in it yet."""

    shape: str
    bytes: int
    restore: sql.Composed

    def return_to(self, connection: psycopg.Connection[Any]) -> bool:
        """Put every row back; False where that would not be enough, or we may not."""
        try:
            shape, size = _look(connection)
            if shape != self.shape or size > self.bytes + ROOM:
                return False
            connection.execute(self.restore)
        except psycopg.Error:  # a lock that somebody still holds, or we are no superuser
            return False
        return True


def look_at(connection: psycopg.Connection[Any]) -> Pristine:
    """What a database must be put back to."""
    shape, size = _look(connection)
    tables = [sql.Identifier(name) for (name,) in connection.execute(_TABLES)]
    words = [
        # Nobody waits for a test that is over; and no trigger or reference is asked.
        sql.SQL("SET LOCAL lock_timeout = '2s'; SET LOCAL session_replication_role = replica"),
        *(sql.SQL("DELETE FROM {}").format(table) for table in tables),
        *(_refill(connection, table) for table in tables),
        *(
            sql.SQL("SELECT setval({}, {}, {})").format(*map(sql.Literal, sequence))
            for sequence in connection.execute(_SEQUENCES)
        ),
    ]
    return Pristine(shape, size, sql.SQL("; ").join(word for word in words if word))


def _look(connection: psycopg.Connection[Any]) -> tuple[str, int]:
    ((shape, size),) = connection.execute(_SHAPE)
    return str(shape), int(size)


def _refill(connection: psycopg.Connection[Any], table: sql.Identifier) -> sql.Composable | None:
    query = sql.SQL("SELECT jsonb_agg(t)::text FROM {} t").format(table)
    ((rows,),) = connection.execute(query)
    if rows is None:
        return None
    return sql.SQL(
        "INSERT INTO {table} OVERRIDING SYSTEM VALUE"
        " SELECT * FROM jsonb_populate_recordset(NULL::{table}, {rows}::jsonb)"
    ).format(table=table, rows=sql.Literal(rows))
