"""What order keeps of goods, delivery rates and coupons. The copies are others' words, replaced
whole by a newer version; see `copies`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from order_service.store.tables import metadata
from shop_events.tables import Instant

known_products = Table(
    "known_products",
    metadata,
    Column("product_id", String(64), primary_key=True),
    Column("version", BigInteger, nullable=False),
)

known_skus = Table(
    "known_skus",
    metadata,
    Column("sku_id", String(64), primary_key=True),
    Column("product_id", String(64), nullable=False, index=True),
    Column("merchant_id", String(64), nullable=False),
    Column("sold", Boolean, nullable=False),
    Column("price", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("goods", Text, nullable=False),
)

known_merchants = Table(
    "known_merchants",
    metadata,
    Column("merchant_id", String(64), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("sells", Boolean, nullable=False),
)

known_rates = Table(
    "known_rates",
    metadata,
    Column("rates_id", String(64), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)

# When something was heard too late for the last time; one row, written only then.
lateness = Table(
    "lateness",
    metadata,
    Column("of", String(16), primary_key=True),
    Column("heard_at", Instant, nullable=False),
)

promotions = Table(
    "promotions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("merchant_id", String(64), nullable=False),  # empty: the shop's own
    Column("title", String(60), nullable=False),
    Column("benefit", String(16), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("percent", Integer, nullable=False),
    Column("min_spend", BigInteger, nullable=False),
    Column("scope", String(16), nullable=False),
    Column("product_ids", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("per_user", Integer, nullable=False),
    Column("claimed", Integer, nullable=False),
    Column("claim_from", Instant, nullable=False),
    Column("claim_until", Instant, nullable=False, index=True),
    Column("use_from", Instant, nullable=False),
    Column("use_until", Instant, nullable=False),
    Column("use_days", Integer),
    Column("ended_at", Instant),
    Column("version", Integer, nullable=False),
    CheckConstraint("claimed >= 0 AND claimed <= total", name="no_coupon_beyond_the_last"),
    CheckConstraint("percent >= 0 AND percent <= 100", name="percent_of_a_hundred"),
    Index("promotions_of_merchant", "merchant_id", "id"),
)

coupons = Table(
    "coupons",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("promotion_id", String(36), ForeignKey("promotions.id"), nullable=False, index=True),
    Column("account_id", String(64), nullable=False),
    Column("n", Integer, nullable=False),  # somebody's n-th of this promotion
    Column("state", String(16), nullable=False),
    Column("order_id", String(36), ForeignKey("orders.id"), index=True),
    Column("valid_from", Instant, nullable=False),
    Column("valid_until", Instant, nullable=False),
    UniqueConstraint("account_id", "promotion_id", "n", name="a_coupon_is_claimed_once"),
    CheckConstraint("(state = 'issued') = (order_id IS NULL)", name="a_taken_coupon_has_an_order"),
    Index("coupons_of_account", "account_id", "id"),
)
