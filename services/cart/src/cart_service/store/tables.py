"""Cart's tables. Amounts are minor units beside their currency."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from shop_events.tables import Instant

metadata = MetaData()

# Copies of what catalog and logistics told. Rows never go: a cart may hold what is sold no more.
products = Table(
    "products",
    metadata,
    Column("product_id", String(64), primary_key=True),
    Column("merchant_id", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("titles", Text, nullable=False),  # JSON, by locale
    Column("version", BigInteger, nullable=False),
)

skus = Table(
    "skus",
    metadata,
    Column("sku_id", String(64), primary_key=True),
    Column("product_id", String(64), ForeignKey("products.product_id"), nullable=False, index=True),
    Column("options", Text, nullable=False),  # JSON, in the order people are asked
    Column("image", Text),
    Column("price", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("active", Boolean, nullable=False),
)

stock_levels = Table(
    "stock_levels",
    metadata,
    Column("sku_id", String(64), primary_key=True),
    Column("available", BigInteger, nullable=False),
    Column("band", String(16), nullable=False),
    Column("version", BigInteger, nullable=False),
)

carts = Table(
    "carts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(64), unique=True),
    Column("token_digest", String(64), unique=True),
    Column("used_at", Instant, nullable=False),
    CheckConstraint(
        "(account_id IS NULL) <> (token_digest IS NULL)", name="a_cart_is_an_accounts_or_a_guests"
    ),
    Index(
        "carts_of_guests",
        "used_at",
        postgresql_where=text("account_id IS NULL"),
        sqlite_where=text("account_id IS NULL"),
    ),
)

cart_lines = Table(
    "cart_lines",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("cart_id", String(36), ForeignKey("carts.id", ondelete="CASCADE"), nullable=False),
    Column("sku_id", String(64), ForeignKey("skus.sku_id"), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("selected", Boolean, nullable=False),
    Column("price_seen", BigInteger, nullable=False),
    Column("currency_seen", String(3), nullable=False),
    UniqueConstraint("cart_id", "sku_id", name="one_line_for_a_sku"),
    CheckConstraint("quantity BETWEEN 1 AND 99", name="a_line_has_1_to_99_units"),
)

# So that removing a line twice is answered alike, and somebody else's line like a missing one.
removed_lines = Table(
    "removed_lines",
    metadata,
    Column("line_id", String(36), primary_key=True),
    Column(
        "cart_id",
        String(36),
        ForeignKey("carts.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("removed_at", Instant, nullable=False, index=True),
)

# Orders whose goods were taken out of a cart, so that no order does it twice (CATALOGUE.md).
orders_taken = Table(
    "orders_taken",
    metadata,
    Column("order_id", String(64), primary_key=True),
)

# Ids that name nobody any more. A request that was under way when they were erased may have begun
# another cart; the sweep finds it by this.
erased_accounts = Table(
    "erased_accounts",
    metadata,
    Column("account_id", String(64), primary_key=True),
)
