"""Pages of card providers, callbacks in quarantine, and refunds that people paid by hand."""

import sqlalchemy as sa
from alembic import op

from shop_events.tables import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("payments", sa.Column("return_url", sa.Text))
    op.add_column("payments", sa.Column("action_url", sa.Text))
    op.create_index("refunds_by_state", "refunds", ["state", "id"])
    op.create_table(
        "quarantined_callbacks",
        sa.Column("provider", sa.String(32), primary_key=True),
        sa.Column("event_id", sa.String(128), primary_key=True),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("payment_id", sa.String(64)),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
    )
    op.create_table(
        "hand_settlements",
        sa.Column("refund_id", sa.String(64), sa.ForeignKey("refunds.id"), primary_key=True),
        sa.Column("reference", sa.String(128), nullable=False),
        sa.Column("settled_by", sa.String(64), nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    _append_only("hand_settlements")


def _append_only(table: str) -> None:
    """Who paid by hand stays written."""
    words = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{words}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
