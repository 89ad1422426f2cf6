"""Schema changes, for every service in the same way, on PostgreSQL and SQLite.

A service has only ``migrations/versions/*.py``; there is no env.py and no alembic.ini. Tables are
made by these migrations alone, in tests too.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from chassis import idempotency_table, revocation_table
from chassis.revocation import listens
from shop_events import Database, tables

if TYPE_CHECKING:
    from chassis.service import Service

LOCK: Final = 0x6A69736800000001  # "jish", purpose 1; see shop_events.leader.LOCK_SPACE
WAIT_FOR_OTHERS_S: Final = 120
A_LARGE_TABLE_S: Final = 3_600.0  # that a single statement of a migration may take


def upgrade(service: Service, url: str) -> list[str]:
    """Bring the database at ``url`` to the newest schema; the revisions applied, in order.

    All in one transaction and one at a time: a second caller waits for the first (two minutes at
    most) and then finds nothing to do.
    """
    database = Database(url, service=service.name, answers_within_s=A_LARGE_TABLE_S)
    try:
        with database.begin(at="migration") as tx:
            _one_at_a_time(tx.connection)
            applied = list(reversed(_pending(service, tx.connection)))
            if applied:
                _run(service, tx.connection)
            return applied
    finally:
        database.close()


def pending(service: Service, database: Database) -> list[str]:
    """Revisions this code needs and the database lacks, newest first.

    A database that is newer than this code lacks nothing: during a rolling deployment the old
    processes go on (a migration never breaks the release before it).
    """
    with database.read() as connection:
        return _pending(service, connection)


def drift(service: Service, database: Database) -> list[str]:
    """Where the migrated database and the service's tables differ, a line each.

    ``metadata.info["by_hand"]`` names (the beginnings of) what migrations make in SQL of one
    database alone, and SQLAlchemy has no words for: a full-text index.
    """
    by_hand = tuple(name for one in service.tables for name in one.info.get("by_hand", ()))
    options = {
        "compare_type": True,
        "compare_server_default": False,
        "include_name": lambda name, _kind, _parents: not (name or "").startswith(by_hand),
    }
    known: Any = [*service.tables, tables.metadata, idempotency_table.metadata]
    if listens(service.subscriptions):
        known.append(revocation_table.metadata)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts=options)
        return [str(one) for one in compare_metadata(context, _together(known))]


def _pending(service: Service, connection: Connection) -> list[str]:
    scripts = _scripts(service.migrations)
    known = [script.revision for script in scripts.walk_revisions()]
    present = MigrationContext.configure(connection).get_current_heads()
    if present and not set(present) & set(known):
        return []
    applied = scripts.iterate_revisions(present, "base") if present else ()
    done = {script.revision for script in applied}
    return [revision for revision in known if revision not in done]


def _run(service: Service, connection: Connection) -> None:
    scripts = _scripts(service.migrations)

    def steps(present: Any, _context: MigrationContext) -> Any:
        return scripts._upgrade_revs("heads", present)  # noqa: SLF001 - what alembic's command calls

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, render_as_batch=True)
        with environment.begin_transaction():
            environment.run_migrations()


def _one_at_a_time(connection: Connection) -> None:
    """SQLite's write lock is held already; PostgreSQL needs one, and time for a large table."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_FOR_OTHERS_S}s'"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))


@lru_cache
def _scripts(folder: Path) -> ScriptDirectory:
    return ScriptDirectory(folder)


def _together(parts: list[MetaData]) -> MetaData:
    whole = MetaData()
    for part in parts:
        for table in part.sorted_tables:
            table.to_metadata(whole)
    return whole
