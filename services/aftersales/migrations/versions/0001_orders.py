"""What was ordered, delivered and received."""

import sqlalchemy as sa
from alembic import op

from chassis.idempotency_table import create_idempotency_table
from chassis.revocation_table import create_revocation_table
from shop_events.schema import create_event_tables
from shop_events.tables import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_event_tables(op)
    create_idempotency_table(op)
    create_revocation_table(op)
    _orders()
    _parcels()


def _orders() -> None:
    op.create_table(
        "accounts",
        sa.Column("account_id", sa.String(64), primary_key=True),
        sa.Column("erased", sa.Boolean, nullable=False),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64)),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("end", sa.String(16)),
    )
    op.create_index("ix_orders_account_id", "orders", ["account_id"])
    op.create_table(
        "order_lines",
        _order_id(primary_key=True),
        sa.Column("line_id", sa.String(64), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("sku_id", sa.String(64), nullable=False),
        sa.Column("merchant_id", sa.String(64), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("unit_price", sa.BigInteger, nullable=False),
        sa.Column("payable", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.CheckConstraint("quantity > 0", name="a_line_has_units"),
    )


def _parcels() -> None:
    op.create_table(
        "parcels",
        sa.Column("id", sa.String(64), primary_key=True),
        _order_id(),
        sa.Column("signed_at", Instant),
        sa.Column("received_at", Instant),
    )
    op.create_index("ix_parcels_order_id", "parcels", ["order_id"])
    parcel = sa.ForeignKey("parcels.id", ondelete="CASCADE")
    op.create_table(
        "parcel_lines",
        sa.Column("parcel_id", sa.String(64), parcel, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("line_id", sa.String(64), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("first_unit", sa.Integer),
        sa.CheckConstraint("quantity > 0", name="a_parcel_holds_units"),
    )


def _order_id(*, primary_key: bool = False) -> sa.Column:
    order = sa.ForeignKey("orders.id", ondelete="CASCADE")
    return sa.Column("order_id", sa.String(64), order, primary_key=primary_key, nullable=False)
