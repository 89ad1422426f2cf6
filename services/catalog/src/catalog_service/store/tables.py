"""Catalog's tables. Prices are minor units; texts that are read whole are JSON.

``products`` and ``skus`` are the truth. ``listings`` and what hangs on it hold what is for sale at
this moment, laid out for searching; they can be made again from the truth at any time.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from shop_events.tables import Instant, Position

metadata = MetaData(info={"by_hand": ("listing_words",)})  # the index of words, see words.py

# Ranges over paths and prefixes over titles need bytes to be compared, not words of a language.
Key: Final = Text().with_variant(Text(collation="C"), "postgresql")
Words: Final = Text().with_variant(TSVECTOR(), "postgresql")

categories = Table(
    "categories",
    metadata,
    Column("id", String(64), primary_key=True),  # its first slug, for ever
    Column("slug", String(64), nullable=False, unique=True),
    Column("parent_id", String(64), ForeignKey("categories.id"), index=True),
    Column("path", Key, nullable=False),  # "home/kitchen/": ids from the root
    Column("position", Integer, nullable=False),
    Column("titles", Text, nullable=False),
)

# Slugs that were: who comes with one is sent on.
old_slugs = Table(
    "old_slugs",
    metadata,
    Column("slug", String(64), primary_key=True),
    Column("category_id", String(64), ForeignKey("categories.id"), nullable=False),
)

products = Table(
    "products",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("merchant_id", String(64), nullable=False),
    Column("external_id", String(64)),
    Column("status", String(16), nullable=False),
    Column("category_id", String(64), ForeignKey("categories.id"), index=True),
    Column("category_path", Key, nullable=False),
    Column("content", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sales", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("publish_at", Instant),
    Column("approved", String(64)),
    Column("review_since", Instant),
    Column("sent_back", Text),
    Index("products_of_merchant", "merchant_id", "id"),
    # Where the shop does not review there is nothing in it.
    Index(
        "products_in_review",
        "review_since",
        "id",
        postgresql_where=text("review_since IS NOT NULL"),
        sqlite_where=text("review_since IS NOT NULL"),
    ),
    UniqueConstraint("merchant_id", "external_id", name="one_product_for_an_external_id"),
)

skus = Table(
    "skus",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("product_id", String(64), ForeignKey("products.id"), nullable=False, index=True),
    Column("merchant_id", String(64), nullable=False),
    Column("code", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("options", Text, nullable=False),
    Column("barcode", String(32)),
    Column("price", BigInteger),
    Column("weight_g", Integer, nullable=False),
    Column("volume_cm3", Integer, nullable=False, server_default="0"),
    Column("image", String(64)),
    Column("active", Boolean, nullable=False),
    UniqueConstraint("merchant_id", "code", name="one_sku_for_a_code"),
)

product_versions = Table(
    "product_versions",
    metadata,
    Column("product_id", String(64), ForeignKey("products.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("why", String(32), nullable=False),
    Column("snapshot", Text, nullable=False),
)

merchants = Table(
    "merchants",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

stock = Table(
    "stock",
    metadata,
    Column("sku_id", String(64), primary_key=True),
    Column("band", String(8), nullable=False),
    Column("version", Integer, nullable=False),
)

# How a merchant delivers, or (``default``) all who have no rates of their own.
delivery_rates = Table(
    "delivery_rates",
    metadata,
    Column("rates_id", String(64), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)

# The orders whose goods are in the sales figures.
counted_orders = Table("counted_orders", metadata, Column("order_id", String(64), primary_key=True))

# What moved or was suspended: all its products are to be told anew, those after ``after`` still.
restatements = Table(
    "restatements",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("key", String(64), nullable=False),
    Column("after", String(64), nullable=False),
)

listings = Table(
    "listings",
    metadata,
    Column("number", Position, primary_key=True, autoincrement=True),
    Column("product_id", String(64), ForeignKey("products.id"), nullable=False, unique=True),
    Column("merchant_id", String(64), nullable=False),
    Column("category_path", Key, nullable=False, index=True),
    Column("brand", String(100), nullable=False),
    Column("price_min", BigInteger, nullable=False),
    Column("price_max", BigInteger, nullable=False),
    Column("in_stock", Boolean, nullable=False),
    Column("sales", Integer, nullable=False),
    Column("rating", Integer, nullable=False),  # hundredths of a star; 0: nobody said
    Column("newest", BigInteger, nullable=False),  # when it was published, in microseconds
    Column("card", Text, nullable=False),
    Column("words", Words),
    Index("listings_by_newest", "newest", "product_id"),
    Index("listings_by_sales", "sales", "product_id"),
    Index("listings_by_price", "price_min", "product_id"),
    Index("listings_by_rating", "rating", "product_id"),
    Index("listings_of_brand", "brand"),
)

listing_attributes = Table(
    "listing_attributes",
    metadata,
    Column("product_id", String(64), ForeignKey("products.id"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("value", String(100), primary_key=True),
    Index("listings_with_attribute", "name", "value", "product_id"),
)

listing_titles = Table(
    "listing_titles",
    metadata,
    Column("product_id", String(64), ForeignKey("products.id"), primary_key=True),
    Column("locale", String(8), primary_key=True),
    Column("key", Key, nullable=False, index=True),
    Column("title", Text, nullable=False),
)

# Words that listings hold or held, for who types one wrongly; see spelling.py.
vocabulary = Table("vocabulary", metadata, Column("word", Key, primary_key=True))

vocabulary_keys = Table(
    "vocabulary_keys",
    metadata,
    Column("key", Key, primary_key=True),
    Column("word", Key, primary_key=True),
)

# What people looked for and did not find; merchants and the shop learn from it.
zero_results = Table(
    "zero_results",
    metadata,
    Column("words", String(200), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)

media = Table(
    "media",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("media_type", String(32), nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

media_owners = Table(
    "media_owners",
    metadata,
    Column("merchant_id", String(64), primary_key=True),
    Column("digest", String(64), ForeignKey("media.digest"), primary_key=True),
    Column("added_at", Instant, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("merchant_id", String(64), nullable=False, index=True),
    Column("by", String(64), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("dry_run", Boolean, nullable=False),
    Column("create_categories", Boolean, nullable=False),
    Column("encoding", String(16), nullable=False),
    Column("size", Integer, nullable=False),
    Column("position", Integer, nullable=False),  # bytes that are done with
    Column("rows_read", Integer, nullable=False),
    Column("rows_failed", Integer, nullable=False),
    Column("created", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("errors_count", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),  # how often a batch failed for our own reasons
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

import_pieces = Table(
    "import_pieces",
    metadata,
    Column("import_id", String(36), ForeignKey("imports.id"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

import_errors = Table(
    "import_errors",
    metadata,
    Column("import_id", String(36), ForeignKey("imports.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("row", Integer, nullable=False),
    Column("column", String(64), nullable=False),
    Column("message", Text, nullable=False),
)

# Which SKU codes this file named already, and where: the same twice is a slip of the pen.
import_codes = Table(
    "import_codes",
    metadata,
    Column("import_id", String(36), ForeignKey("imports.id"), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("external_id", String(64), nullable=False),
    Column("row", Integer, nullable=False),
)
