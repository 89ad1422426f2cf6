"""Quotes, orders and what other services told about them."""

import sqlalchemy as sa
from alembic import op

from chassis.idempotency_table import create_idempotency_table
from shop_events.schema import create_event_tables
from shop_events.tables import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_event_tables(op)
    create_idempotency_table(op)
    _quotes()
    _orders()
    _order_parts()
    _told()


def _quotes() -> None:
    op.create_table(
        "quotes",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("lines", sa.Text, nullable=False),
        sa.Column("discount", sa.BigInteger, nullable=False),
        sa.Column("shipping", sa.BigInteger, nullable=False),
        sa.Column("delivery_method", sa.String(32), nullable=False),
        sa.Column("destination", sa.Text, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("order_id", sa.String(36), unique=True),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("number", sa.String(24), nullable=False, unique=True),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("track", sa.String(24), nullable=False),
        sa.Column("cancel_reason", sa.String(24)),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("payment_method", sa.String(24), nullable=False),
        sa.Column("on_delivery", sa.Boolean, nullable=False),
        sa.Column("delivery_method", sa.String(32), nullable=False),
        sa.Column("destination", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("placed_at", Instant, nullable=False),
        sa.Column("pay_by", Instant, nullable=False),
    )
    op.create_index("orders_of_account", "orders", ["account_id", "id"])


def _order_parts() -> None:
    op.create_table(
        "order_lines",
        sa.Column("order_id", sa.String(36), sa.ForeignKey("orders.id"), primary_key=True),
        sa.Column("line_id", sa.String(8), primary_key=True),
        sa.Column("sku_id", sa.String(64), nullable=False),
        sa.Column("merchant_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("unit_price", sa.BigInteger, nullable=False),
        sa.Column("discount_share", sa.BigInteger, nullable=False),
        sa.Column("cancelled", sa.Integer, nullable=False, server_default="0"),
        sa.Column("received", sa.Integer, nullable=False, server_default="0"),
        sa.Column("answered", sa.Integer, nullable=False, server_default="0"),
        sa.CheckConstraint("quantity > 0", name="a_line_has_units"),
        sa.CheckConstraint("cancelled + received <= quantity", name="a_unit_ends_once"),
        sa.CheckConstraint("answered <= quantity", name="a_unit_is_answered_once"),
        sa.CheckConstraint("discount_share <= unit_price * quantity", name="no_line_below_zero"),
    )
    op.create_table(
        "order_freights",
        sa.Column("order_id", sa.String(36), sa.ForeignKey("orders.id"), primary_key=True),
        sa.Column("merchant_id", sa.String(64), primary_key=True),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
    )


def _told() -> None:
    _of_an_order(
        "order_payments",
        sa.Column("payment_id", sa.String(64), primary_key=True),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("expected", sa.Boolean, nullable=False),
    )
    _of_an_order(
        "order_fulfilments",
        sa.Column("fulfilment_id", sa.String(64), primary_key=True),
        sa.Column("fact", sa.String(16), primary_key=True),
    )
    _of_an_order(
        "order_parcels",
        sa.Column("parcel_id", sa.String(64), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("units", sa.Text, nullable=False),
        sa.Column("fulfilment_id", sa.String(64)),
        sa.Column("carrier", sa.Text),
        sa.Column("waybill", sa.Text),
    )
    _of_an_order(
        "order_refunds",
        sa.Column("refund_id", sa.String(64), primary_key=True),
        sa.Column("cause", sa.String(96), nullable=False, unique=True),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("ours", sa.Boolean, nullable=False),
    )


def _of_an_order(name: str, *columns: sa.Column) -> None:
    order_id = sa.Column("order_id", sa.String(36), sa.ForeignKey("orders.id"), nullable=False)
    op.create_table(name, *columns, order_id)
    op.create_index(f"ix_{name}_order_id", name, ["order_id"])
