"""Stock and its movements, what order told, fulfilments, parcels and their traces."""

import sqlalchemy as sa
from alembic import op

from chassis.idempotency_table import create_idempotency_table
from shop_events.schema import create_event_tables
from shop_events.tables import Instant, Position

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_event_tables(op)
    create_idempotency_table(op)
    _stock()
    _movements()
    _refuse_changes_of("movements")
    _orders()
    _fulfilments()
    _reservations()
    _parcels()
    _traces()


def _stock() -> None:
    op.create_table(
        "skus",
        sa.Column("sku_id", sa.String(64), primary_key=True),
        sa.Column("merchant_id", sa.String(64), nullable=False),
    )
    op.create_table(
        "stock_levels",
        sa.Column("sku_id", sa.String(64), sa.ForeignKey("skus.sku_id"), primary_key=True),
        sa.Column("warehouse_id", sa.String(64), primary_key=True),
        sa.Column("on_hand", sa.Integer, nullable=False),
        sa.Column("held", sa.Integer, nullable=False),
        sa.Column("allocated", sa.Integer, nullable=False),
        sa.Column("safety", sa.Integer, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "held >= 0 AND allocated >= 0 AND safety >= 0", name="no_counter_below_zero"
        ),
        sa.CheckConstraint("on_hand >= held + allocated", name="what_is_promised_is_there"),
    )


def _movements() -> None:
    op.create_table(
        "movements",
        sa.Column("id", Position, primary_key=True, autoincrement=True),
        sa.Column("sku_id", sa.String(64), nullable=False),
        sa.Column("warehouse_id", sa.String(64), nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("on_hand", sa.Integer, nullable=False),
        sa.Column("held", sa.Integer, nullable=False),
        sa.Column("allocated", sa.Integer, nullable=False),
        sa.Column("cause", sa.String(80), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["sku_id", "warehouse_id"], ["stock_levels.sku_id", "stock_levels.warehouse_id"]
        ),
        sa.UniqueConstraint("cause", "type", "sku_id", "warehouse_id", name="a_cause_moves_once"),
        sa.CheckConstraint(
            "type <> 'adjusted' OR reason IS NOT NULL", name="an_adjustment_has_a_reason"
        ),
    )
    op.create_index("movements_of_sku", "movements", ["sku_id", "warehouse_id", "id"])


def _refuse_changes_of(table: str) -> None:
    """What was written there stays as it is, whoever asks (S2)."""
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


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.String(64)),
        sa.Column("placed", sa.Boolean, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("cancelled", sa.Boolean, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("on_delivery", sa.Boolean),
        sa.Column("currency", sa.String(3)),
        sa.Column("shipping", sa.BigInteger),
        sa.Column("recipient", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("address", sa.Text),
    )
    op.create_table(
        "order_lines",
        sa.Column("order_id", sa.String(36), sa.ForeignKey("orders.id"), primary_key=True),
        sa.Column("line_id", sa.String(36), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("sku_id", sa.String(64), nullable=False),
        sa.Column("merchant_id", sa.String(64), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("unit_price", sa.BigInteger, nullable=False),
        sa.Column("payable", sa.BigInteger, nullable=False),
    )


def _fulfilments() -> None:
    op.create_table(
        "fulfilments",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("order_id", sa.String(36), sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("merchant_id", sa.String(64), nullable=False),
        sa.Column("warehouse_id", sa.String(64), nullable=False),
        sa.Column("on_hold", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.UniqueConstraint(
            "order_id", "merchant_id", "warehouse_id", name="one_per_merchant_and_house"
        ),
    )
    op.create_index("fulfilments_in_heaps", "fulfilments", ["merchant_id", "status", "id"])


def _reservations() -> None:
    op.create_table(
        "reservations",
        sa.Column("order_id", sa.String(36), primary_key=True),
        sa.Column("line_id", sa.String(36), primary_key=True),
        sa.Column("sku_id", sa.String(64), nullable=False),
        sa.Column("warehouse_id", sa.String(64), nullable=False),
        sa.Column("merchant_id", sa.String(64), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("consumed", sa.Integer, nullable=False),
        sa.Column("released", sa.Integer, nullable=False),
        sa.Column("fulfilment_id", sa.String(36), sa.ForeignKey("fulfilments.id")),
        sa.ForeignKeyConstraint(
            ["order_id", "line_id"], ["order_lines.order_id", "order_lines.line_id"]
        ),
        sa.CheckConstraint("quantity > 0", name="a_reservation_has_units"),
        sa.CheckConstraint("consumed + released <= quantity", name="a_unit_ends_once"),
    )
    op.create_index("ix_reservations_fulfilment_id", "reservations", ["fulfilment_id"])


def _parcels() -> None:
    op.create_table(
        "parcels",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("fulfilment_id", sa.String(36), sa.ForeignKey("fulfilments.id"), nullable=False),
        sa.Column("order_id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("state_at", Instant, nullable=False),
        sa.Column("carrier", sa.String(64)),
        sa.Column("waybill", sa.String(64)),
        sa.UniqueConstraint("carrier", "waybill", name="a_waybill_is_one_parcels"),
    )
    for column in ("fulfilment_id", "order_id", "waybill"):
        op.create_index(f"ix_parcels_{column}", "parcels", [column])
    op.create_table(
        "parcel_lines",
        sa.Column("parcel_id", sa.String(36), sa.ForeignKey("parcels.id"), primary_key=True),
        sa.Column("line_id", sa.String(36), primary_key=True),
        sa.Column("sku_id", sa.String(64), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("first_unit", sa.Integer, nullable=False),
        sa.CheckConstraint("quantity > 0", name="a_parcel_line_has_units"),
        sa.CheckConstraint("first_unit >= 0", name="units_are_numbered_from_0"),
    )


def _traces() -> None:
    op.create_table(
        "traces",
        sa.Column("carrier", sa.String(64), primary_key=True),
        sa.Column("event_id", sa.String(128), primary_key=True),
        sa.Column("parcel_id", sa.String(36), sa.ForeignKey("parcels.id"), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.UniqueConstraint("parcel_id", "at", "state", name="a_parcel_is_seen_once_at_a_time"),
    )
    op.create_table(
        "collections",
        sa.Column("parcel_id", sa.String(36), sa.ForeignKey("parcels.id"), primary_key=True),
        sa.Column("order_id", sa.String(36), nullable=False),
        sa.Column("merchant_id", sa.String(64), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_collections_order_id", "collections", ["order_id"])
