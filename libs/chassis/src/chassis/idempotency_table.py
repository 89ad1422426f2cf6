"""Where first answers are kept, so that a repeated request gets the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from shop_events.tables import Instant

if TYPE_CHECKING:
    from alembic.operations import Operations

metadata = sa.MetaData()

first_answers = sa.Table(
    "first_answers",
    metadata,
    sa.Column("scope", sa.String(128), primary_key=True),  # whose: a subject, or a cart's digest
    sa.Column("route", sa.String(160), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("asked", sa.String(64), nullable=False),  # digest of path, query and body
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("headers", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False, index=True),
)


def create_idempotency_table(op: Operations) -> None:
    """The table as of version 1; called by a migration, and never changed once released."""
    op.create_table(
        "first_answers",
        sa.Column("scope", sa.String(128), primary_key=True),
        sa.Column("route", sa.String(160), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("asked", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
    )
    op.create_index("ix_first_answers_created_at", "first_answers", ["created_at"])
