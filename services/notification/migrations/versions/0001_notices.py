"""People, orders and titles as others told of them; notices, their deliveries and every try."""

import sqlalchemy as sa
from alembic import op

from chassis.idempotency_table import create_idempotency_table
from chassis.revocation_table import create_revocation_table
from shop_events.schema import create_event_tables
from shop_events.tables import Instant, Position

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_event_tables(op)
    create_idempotency_table(op)
    create_revocation_table(op)
    _copies()
    _notices()
    _deliveries()
    op.create_table(
        "unwanted",
        sa.Column("account_id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("channel", sa.String(8), primary_key=True),
    )


def _copies() -> None:
    op.create_table(
        "people",
        sa.Column("account_id", sa.String(64), primary_key=True),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("erased", sa.Boolean, nullable=False),
    )
    op.create_table(
        "orders",
        sa.Column("order_id", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64)),
        sa.Column("number", sa.String(64)),
    )
    op.create_index("ix_orders_account_id", "orders", ["account_id"])
    op.create_table(
        "titles",
        sa.Column("sku_id", sa.String(64), primary_key=True),
        sa.Column("locale", sa.String(8), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("cause", sa.String(160), nullable=False, unique=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("account_id", sa.String(64)),
        sa.Column("order_id", sa.String(64)),
        sa.Column("facts", sa.Text),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("in_inbox", sa.Boolean, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("read_at", Instant),
    )
    op.create_index("notices_of_account", "notices", ["account_id", "id"])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "notices_that_wait",
        "notices",
        ["order_id"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("notice_id", sa.String(36), primary_key=True),
        sa.Column("channel", sa.String(8), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("give_up_at", Instant, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], ondelete="CASCADE"),
    )
    due = sa.text("state = 'due'")
    op.create_index(
        "deliveries_that_are_due", "deliveries", ["due_at"], postgresql_where=due, sqlite_where=due
    )
    op.create_table(
        "tries",
        sa.Column("number", Position, primary_key=True, autoincrement=True),
        sa.Column("notice_id", sa.String(36), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id", "channel"],
            ["deliveries.notice_id", "deliveries.channel"],
            ondelete="CASCADE",
        ),
    )
    op.create_index("tries_of_delivery", "tries", ["notice_id", "channel"])
