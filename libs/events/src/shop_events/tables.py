"""The tables for events in every service's database. Migrations make them, never ``create_all``.

The outbox has the column names of Debezium's outbox router (``id, aggregatetype, aggregateid,
type, payload``), so that change capture can replace the relay without a migration.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)

metadata = MetaData()

# SQLite numbers rows by itself only in a column declared INTEGER.
Position = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC, on databases that keep zones and on those that do not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive instants: nobody can say later which hour they meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone.")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again."""
        if value is None:
            return None
        del dialect  # both databases give what `process_bind_param` made of it
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


outbox = Table(
    "outbox",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("aggregatetype", String(64), nullable=False),
    Column("aggregateid", String(128), nullable=False),
    Column("type", String(128), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("exchange", String(64), nullable=False),
    Column("payload", Text),  # erased from private events once they are confirmed
    Column("correlation_id", String(64), nullable=False),
    Column("causation_id", String(64)),
    Column("traceparent", String(64)),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("held_until", Instant),
    Column("why_held", Text),
    Index(
        "outbox_unsent",
        "position",
        postgresql_where=text("sent_at IS NULL"),
        sqlite_where=text("sent_at IS NULL"),
    ),
    Index(
        "outbox_held",
        "aggregatetype",
        "aggregateid",
        postgresql_where=text("held_until IS NOT NULL"),
        sqlite_where=text("held_until IS NOT NULL"),
    ),
    Index("outbox_of_aggregate", "aggregatetype", "aggregateid", "sequence", unique=True),
)
# The last sequence given to each aggregate. Its row is the lock that keeps numbers gapless.
aggregate_sequence = Table(
    "aggregate_sequence",
    metadata,
    Column("aggregatetype", String(64), primary_key=True),
    Column("aggregateid", String(128), primary_key=True),
    Column("last", BigInteger, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("consumer", String(64), primary_key=True),
    Column("event_id", String(64), primary_key=True),
    Column("type", String(128), nullable=False),
    Column("handled_at", Instant, nullable=False, index=True),
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("kind", String(64), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("due_at", Instant, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, default=0, server_default="0"),
    Column("why_late", Text),
)
