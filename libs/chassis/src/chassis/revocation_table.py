"""Where a service keeps which sessions count no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from shop_events.tables import Instant

if TYPE_CHECKING:
    from alembic.operations import Operations

metadata = sa.MetaData()

revocations = sa.Table(
    "revocations",
    metadata,
    sa.Column("account_id", sa.String(64), primary_key=True),
    sa.Column("session_id", sa.String(64), primary_key=True),  # empty: every session
    sa.Column("issued_until", Instant, nullable=False),
)


def create_revocation_table(op: Operations) -> None:
    """The table as of version 1; called by a migration, and never changed once released."""
    op.create_table(
        "revocations",
        sa.Column("account_id", sa.String(64), primary_key=True),
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("issued_until", Instant, nullable=False),
    )
