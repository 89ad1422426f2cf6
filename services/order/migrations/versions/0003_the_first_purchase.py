"""Copies of goods and rates, coupons, quotes of our own, the timeline, receipts by line."""

import sqlalchemy as sa
from alembic import op

from shop_events.tables import Instant, Position

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _quotes()
    _orders()
    _of_orders()
    _copies()
    _coupons()


def _quotes() -> None:
    """Made anew: a quote lives for ten minutes, and the old form says less."""
    op.drop_table("quotes")
    op.create_table(
        "quotes",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False, index=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("destination", sa.Text, nullable=False),
        sa.Column("expires_at", Instant, nullable=False, index=True),
        sa.Column("order_id", sa.String(36), unique=True),
    )


def _orders() -> None:
    op.add_column(
        "orders", sa.Column("traceable", sa.Boolean, nullable=False, server_default=sa.true())
    )
    op.add_column("orders", sa.Column("promise_days", sa.Integer))
    op.add_column("orders", sa.Column("receipt_extended_at", Instant))
    op.add_column("order_lines", sa.Column("goods", sa.Text))
    op.create_index("order_lines_of_merchant", "order_lines", ["merchant_id", "order_id"])
    op.add_column("order_parcels", sa.Column("receive_at", Instant))


def _of_orders() -> None:
    op.create_table(
        "order_papers",
        sa.Column("order_id", sa.String(36), sa.ForeignKey("orders.id"), primary_key=True),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("accepted", sa.Text, nullable=False),
    )
    op.create_table(
        "order_timeline",
        sa.Column("position", Position, primary_key=True, autoincrement=True),
        sa.Column("order_id", sa.String(36), sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("params", sa.Text, nullable=False),
        sa.Column("trace_id", sa.String(32), nullable=False),
        sa.UniqueConstraint("order_id", "kind", "key", name="a_thing_is_told_once"),
    )
    op.create_table(
        "order_claims",
        sa.Column("parcel_id", sa.String(64), primary_key=True),
        sa.Column("line_id", sa.String(8), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column(
            "order_id", sa.String(36), sa.ForeignKey("orders.id"), nullable=False, index=True
        ),
        sa.Column("units", sa.Text, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.CheckConstraint("quantity > 0", name="a_claim_is_about_units"),
    )


def _copies() -> None:
    op.create_table(
        "known_products",
        sa.Column("product_id", sa.String(64), primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "known_skus",
        sa.Column("sku_id", sa.String(64), primary_key=True),
        sa.Column("product_id", sa.String(64), nullable=False, index=True),
        sa.Column("merchant_id", sa.String(64), nullable=False),
        sa.Column("sold", sa.Boolean, nullable=False),
        sa.Column("price", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("goods", sa.Text, nullable=False),
    )
    op.create_table(
        "known_merchants",
        sa.Column("merchant_id", sa.String(64), primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("sells", sa.Boolean, nullable=False),
    )
    op.create_table(
        "known_rates",
        sa.Column("rates_id", sa.String(64), primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "lateness",
        sa.Column("of", sa.String(16), primary_key=True),
        sa.Column("heard_at", Instant, nullable=False),
    )


def _coupons() -> None:
    op.create_table(
        "promotions",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("merchant_id", sa.String(64), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("benefit", sa.String(16), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("percent", sa.Integer, nullable=False),
        sa.Column("min_spend", sa.BigInteger, nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("product_ids", sa.Text, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("per_user", sa.Integer, nullable=False),
        sa.Column("claimed", sa.Integer, nullable=False),
        sa.Column("claim_from", Instant, nullable=False),
        sa.Column("claim_until", Instant, nullable=False, index=True),
        sa.Column("use_from", Instant, nullable=False),
        sa.Column("use_until", Instant, nullable=False),
        sa.Column("use_days", sa.Integer),
        sa.Column("ended_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("claimed >= 0 AND claimed <= total", name="no_coupon_beyond_the_last"),
        sa.CheckConstraint("percent >= 0 AND percent <= 100", name="percent_of_a_hundred"),
    )
    op.create_index("promotions_of_merchant", "promotions", ["merchant_id", "id"])
    op.create_table(
        "coupons",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column(
            "promotion_id",
            sa.String(36),
            sa.ForeignKey("promotions.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("order_id", sa.String(36), sa.ForeignKey("orders.id"), index=True),
        sa.Column("valid_from", Instant, nullable=False),
        sa.Column("valid_until", Instant, nullable=False),
        sa.UniqueConstraint("account_id", "promotion_id", "n", name="a_coupon_is_claimed_once"),
        sa.CheckConstraint(
            "(state = 'issued') = (order_id IS NULL)", name="a_taken_coupon_has_an_order"
        ),
    )
    op.create_index("coupons_of_account", "coupons", ["account_id", "id"])
