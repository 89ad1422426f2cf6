"""Review's tables."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, MetaData, String, Table

from shop_events.tables import Instant

metadata = MetaData()

# The row that everything about an account locks first. Of one that was erased it is all that stays:
# an id that names nobody any more, so that what comes late is not kept.
accounts = Table(
    "accounts",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("erased", Boolean, nullable=False),
)

# A row begins with whichever event comes first. A closed order has no lines any more.
orders = Table(
    "orders",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account_id", String(64), nullable=False, index=True),
    Column("closes_at", Instant),
    Column("closed", Boolean, nullable=False),
)

# Known from `order.confirmed` (what it is), from `order.received` (since when), or from both.
order_lines = Table(
    "order_lines",
    metadata,
    Column("order_id", String(64), ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True),
    Column("line_id", String(64), primary_key=True),
    Column("sku_id", String(64)),
    Column("merchant_id", String(64)),
    Column("received_at", Instant),
)

products = Table(
    "products",
    metadata,
    Column("product_id", String(64), primary_key=True),
    Column("merchant_id", String(64), nullable=False),
    Column("version", BigInteger, nullable=False),
)

# Rows never go: a SKU that is sold no more may still be reviewed.
skus = Table(
    "skus",
    metadata,
    Column("sku_id", String(64), primary_key=True),
    Column("product_id", String(64), ForeignKey("products.product_id"), nullable=False, index=True),
)
