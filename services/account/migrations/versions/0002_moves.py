"""Mail addresses and numbers that are added, and by which of them an account is reached."""

import sqlalchemy as sa
from alembic import op

from shop_events.tables import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    rank = sa.Column("rank", sa.Integer, nullable=False, server_default="0")
    op.add_column("identifiers", rank)
    op.add_column("asked", sa.Column("account_id", sa.String(36)))
    account = sa.ForeignKey("accounts.id")
    op.create_table(
        "moves",
        sa.Column("account_id", sa.String(36), account, primary_key=True),
        sa.Column("channel", sa.String(8), primary_key=True),
        sa.Column("value", sa.String(254), nullable=False),
        sa.Column("replaces", sa.String(254)),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("proved", sa.Boolean, nullable=False),
        sa.Column("agreed", sa.Boolean, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
    )
    op.create_index("ix_moves_expires_at", "moves", ["expires_at"])
