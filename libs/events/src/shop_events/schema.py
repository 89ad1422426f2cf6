"""What a service's first migration calls to make the tables of `shop_events.tables`.

Each function is one step and never changes once released; later needs get a later function.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

from shop_events.tables import Instant, Position


def create_event_tables(op: Operations) -> None:
    """Outbox, sequences, inbox and deadlines, as of version 1."""
    _outbox(op)
    op.create_table(
        "aggregate_sequence",
        sa.Column("aggregatetype", sa.String(64), primary_key=True),
        sa.Column("aggregateid", sa.String(128), primary_key=True),
        sa.Column("last", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.String(64), primary_key=True),
        sa.Column("event_id", sa.String(64), primary_key=True),
        sa.Column("type", sa.String(128), nullable=False),
        sa.Column("handled_at", Instant, nullable=False),
    )
    op.create_index("ix_inbox_handled_at", "inbox", ["handled_at"])
    op.create_table(
        "deadlines",
        sa.Column("kind", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(128), primary_key=True),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("why_late", sa.Text),
    )
    op.create_index("ix_deadlines_due_at", "deadlines", ["due_at"])


def _outbox(op: Operations) -> None:
    op.create_table(
        "outbox",
        sa.Column("position", Position, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("aggregatetype", sa.String(64), nullable=False),
        sa.Column("aggregateid", sa.String(128), nullable=False),
        sa.Column("type", sa.String(128), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("exchange", sa.String(64), nullable=False),
        sa.Column("payload", sa.Text),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("causation_id", sa.String(64)),
        sa.Column("traceparent", sa.String(64)),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("sent_at", Instant),
        sa.Column("held_until", Instant),
        sa.Column("why_held", sa.Text),
    )
    _partial_index(op, "outbox_unsent", ["position"], "sent_at IS NULL")
    _partial_index(op, "outbox_held", ["aggregatetype", "aggregateid"], "held_until IS NOT NULL")
    columns = ["aggregatetype", "aggregateid", "sequence"]
    op.create_index("outbox_of_aggregate", "outbox", columns, unique=True)


def _partial_index(op: Operations, name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "outbox", columns, postgresql_where=condition, sqlite_where=condition)
