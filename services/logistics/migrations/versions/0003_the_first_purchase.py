"""Delivery rates, owners of SKUs, signers of traces, corrected waybills, nightly proofs."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from shop_events.tables import Instant, Position

revision = "0003"
down_revision = "0002"

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    _columns()
    _rates()
    _waybill_changes()
    _refuse_changes_of("delivery_rates")
    _refuse_changes_of("waybill_changes")
    _work()
    _say_the_first_rates()


def _columns() -> None:
    op.add_column("orders", sa.Column("number", sa.String(64)))
    op.add_column("orders", sa.Column("delivery_method", sa.String(32)))
    forgotten = sa.Column("forgotten", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("orders", forgotten)
    op.create_index("ix_orders_number", "orders", ["number"])
    op.create_index("ix_orders_account_id", "orders", ["account_id"])
    op.create_index("ix_reservations_sku_id", "reservations", ["sku_id"])
    op.add_column("skus", sa.Column("product_id", sa.String(64)))
    op.add_column("skus", sa.Column("product_version", sa.BigInteger))
    op.create_index("skus_of_merchant", "skus", ["merchant_id", "sku_id"])
    safety = sa.Column("safety", sa.Integer, nullable=False, server_default="0")
    op.add_column("movements", safety)
    op.add_column("parcels", sa.Column("pick_up_code", sa.String(8)))
    op.add_column("traces", sa.Column("code", sa.String(16)))
    op.add_column("traces", sa.Column("note", sa.String(24)))
    op.add_column("traces", sa.Column("signer", sa.Text))
    op.add_column("traces", sa.Column("proof", sa.Text))


def _rates() -> None:
    op.create_table(
        "delivery_rates",
        sa.Column("rates_id", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("methods", sa.Text, nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
    )


def _waybill_changes() -> None:
    op.create_table(
        "waybill_changes",
        sa.Column("id", Position, primary_key=True, autoincrement=True),
        sa.Column("parcel_id", sa.String(36), sa.ForeignKey("parcels.id"), nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("old_carrier", sa.String(64), nullable=False),
        sa.Column("old_waybill", sa.String(64), nullable=False),
        sa.Column("new_carrier", sa.String(64), nullable=False),
        sa.Column("new_waybill", sa.String(64), nullable=False),
    )
    op.create_index("ix_waybill_changes_parcel_id", "waybill_changes", ["parcel_id"])


def _work() -> None:
    op.create_table(
        "stock_proofs",
        sa.Column("night", sa.String(10), primary_key=True),
        sa.Column("after_sku", sa.String(64), nullable=False),
        sa.Column("checked", sa.Integer, nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("finished_at", Instant),
    )
    op.create_table(
        "carrier_questions",
        sa.Column("parcel_id", sa.String(36), sa.ForeignKey("parcels.id"), primary_key=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
    )
    op.create_index("ix_carrier_questions_due_at", "carrier_questions", ["due_at"])
    op.create_table(
        "erased_accounts",
        sa.Column("account_id", sa.String(64), primary_key=True),
        sa.Column("erased_at", Instant, nullable=False),
    )


def _refuse_changes_of(table: str) -> None:
    """What was written there stays as it is, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )


def _say_the_first_rates() -> None:
    """A deadline that is due at once: the worker writes the default rates and says them."""
    deadlines = sa.table(
        "deadlines",
        sa.column("kind", sa.String),
        sa.column("key", sa.String),
        sa.column("due_at", Instant),
    )
    row = {"kind": "logistics.first_rates", "key": "default", "due_at": AT_ONCE}
    op.bulk_insert(deadlines, [row])
