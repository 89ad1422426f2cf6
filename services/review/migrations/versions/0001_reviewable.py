"""What may be reviewed, by whom and until when."""

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
    _products()


def _orders() -> None:
    op.create_table(
        "accounts",
        sa.Column("account_id", sa.String(64), primary_key=True),
        sa.Column("erased", sa.Boolean, nullable=False),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("closes_at", Instant),
        sa.Column("closed", sa.Boolean, nullable=False),
    )
    op.create_index("ix_orders_account_id", "orders", ["account_id"])
    order = sa.ForeignKey("orders.id", ondelete="CASCADE")
    op.create_table(
        "order_lines",
        sa.Column("order_id", sa.String(64), order, primary_key=True),
        sa.Column("line_id", sa.String(64), primary_key=True),
        sa.Column("sku_id", sa.String(64)),
        sa.Column("merchant_id", sa.String(64)),
        sa.Column("received_at", Instant),
    )


def _products() -> None:
    op.create_table(
        "products",
        sa.Column("product_id", sa.String(64), primary_key=True),
        sa.Column("merchant_id", sa.String(64), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    product = sa.ForeignKey("products.product_id")
    op.create_table(
        "skus",
        sa.Column("sku_id", sa.String(64), primary_key=True),
        sa.Column("product_id", sa.String(64), product, nullable=False),
    )
    op.create_index("ix_skus_product_id", "skus", ["product_id"])
