"""Carts, copies of what is sold, and marks of what was done."""

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
    _copies()
    _carts()
    _marks()


def _copies() -> None:
    op.create_table(
        "products",
        sa.Column("product_id", sa.String(64), primary_key=True),
        sa.Column("merchant_id", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("titles", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "skus",
        sa.Column("sku_id", sa.String(64), primary_key=True),
        sa.Column(
            "product_id", sa.String(64), sa.ForeignKey("products.product_id"), nullable=False
        ),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("image", sa.Text),
        sa.Column("price", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_index("ix_skus_product_id", "skus", ["product_id"])
    op.create_table(
        "stock_levels",
        sa.Column("sku_id", sa.String(64), primary_key=True),
        sa.Column("available", sa.BigInteger, nullable=False),
        sa.Column("band", sa.String(16), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
    )


def _carts() -> None:
    op.create_table(
        "carts",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.String(64), unique=True),
        sa.Column("token_digest", sa.String(64), unique=True),
        sa.Column("used_at", Instant, nullable=False),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (token_digest IS NULL)",
            name="a_cart_is_an_accounts_or_a_guests",
        ),
    )
    guests = sa.text("account_id IS NULL")
    op.create_index(
        "carts_of_guests", "carts", ["used_at"], postgresql_where=guests, sqlite_where=guests
    )
    op.create_table(
        "cart_lines",
        sa.Column("id", sa.String(36), primary_key=True),
        _of_a_cart(),
        sa.Column("sku_id", sa.String(64), sa.ForeignKey("skus.sku_id"), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("selected", sa.Boolean, nullable=False),
        sa.Column("price_seen", sa.BigInteger, nullable=False),
        sa.Column("currency_seen", sa.String(3), nullable=False),
        sa.UniqueConstraint("cart_id", "sku_id", name="one_line_for_a_sku"),
        sa.CheckConstraint("quantity BETWEEN 1 AND 99", name="a_line_has_1_to_99_units"),
    )


def _marks() -> None:
    op.create_table(
        "removed_lines",
        sa.Column("line_id", sa.String(36), primary_key=True),
        _of_a_cart(),
        sa.Column("removed_at", Instant, nullable=False),
    )
    op.create_index("ix_removed_lines_cart_id", "removed_lines", ["cart_id"])
    op.create_index("ix_removed_lines_removed_at", "removed_lines", ["removed_at"])
    op.create_table("orders_taken", sa.Column("order_id", sa.String(64), primary_key=True))
    op.create_table("erased_accounts", sa.Column("account_id", sa.String(64), primary_key=True))


def _of_a_cart() -> sa.Column:
    cart = sa.ForeignKey("carts.id", ondelete="CASCADE")
    return sa.Column("cart_id", sa.String(36), cart, nullable=False)
