"""Categories, products, what is for sale, media and imports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from chassis.idempotency_table import create_idempotency_table
from chassis.revocation_table import create_revocation_table
from shop_events.schema import create_event_tables
from shop_events.tables import Instant, Position

revision = "0001"
down_revision = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    create_event_tables(op)
    create_idempotency_table(op)
    create_revocation_table(op)
    _categories()
    _products()
    _told_by_others()
    _listings()
    _words()
    _media()
    _imports()


def _categories() -> None:
    op.create_table(
        "categories",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("slug", sa.String(64), nullable=False, unique=True),
        sa.Column("parent_id", sa.String(64), sa.ForeignKey("categories.id"), index=True),
        sa.Column("path", KEY, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("titles", sa.Text, nullable=False),
    )
    op.create_table(
        "old_slugs",
        sa.Column("slug", sa.String(64), primary_key=True),
        sa.Column("category_id", sa.String(64), sa.ForeignKey("categories.id"), nullable=False),
    )


def _products() -> None:
    op.create_table(
        "products",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("merchant_id", sa.String(64), nullable=False),
        sa.Column("external_id", sa.String(64)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("category_id", sa.String(64), sa.ForeignKey("categories.id"), index=True),
        sa.Column("category_path", KEY, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sales", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("published_at", Instant),
        sa.Column("publish_at", Instant),
        sa.UniqueConstraint("merchant_id", "external_id", name="one_product_for_an_external_id"),
    )
    op.create_index("products_of_merchant", "products", ["merchant_id", "id"])
    op.create_table(
        "skus",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("product_id", sa.String(64), sa.ForeignKey("products.id"), nullable=False),
        sa.Column("merchant_id", sa.String(64), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("barcode", sa.String(32)),
        sa.Column("price", sa.BigInteger),
        sa.Column("weight_g", sa.Integer, nullable=False),
        sa.Column("image", sa.String(64)),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.UniqueConstraint("merchant_id", "code", name="one_sku_for_a_code"),
    )
    op.create_index("ix_skus_product_id", "skus", ["product_id"])
    op.create_table(
        "product_versions",
        sa.Column("product_id", sa.String(64), sa.ForeignKey("products.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("why", sa.String(32), nullable=False),
        sa.Column("snapshot", sa.Text, nullable=False),
    )


def _told_by_others() -> None:
    op.create_table(
        "merchants",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "stock",
        sa.Column("sku_id", sa.String(64), primary_key=True),
        sa.Column("band", sa.String(8), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table("counted_orders", sa.Column("order_id", sa.String(64), primary_key=True))
    op.create_table(
        "restatements",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("after", sa.String(64), nullable=False),
    )


def _listings() -> None:
    op.create_table(
        "listings",
        sa.Column("number", Position, primary_key=True, autoincrement=True),
        sa.Column("product_id", sa.String(64), sa.ForeignKey("products.id"), nullable=False),
        sa.Column("merchant_id", sa.String(64), nullable=False),
        sa.Column("category_path", KEY, nullable=False, index=True),
        sa.Column("brand", sa.String(100), nullable=False),
        sa.Column("price_min", sa.BigInteger, nullable=False),
        sa.Column("price_max", sa.BigInteger, nullable=False),
        sa.Column("in_stock", sa.Boolean, nullable=False),
        sa.Column("sales", sa.Integer, nullable=False),
        sa.Column("rating", sa.Integer, nullable=False),
        sa.Column("newest", sa.BigInteger, nullable=False),
        sa.Column("card", sa.Text, nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql")),
        sa.UniqueConstraint("product_id"),
    )
    for name, column in (("newest", "newest"), ("sales", "sales"), ("price", "price_min")):
        op.create_index(f"listings_by_{name}", "listings", [column, "product_id"])
    op.create_index("listings_by_rating", "listings", ["rating", "product_id"])
    op.create_index("listings_of_brand", "listings", ["brand"])
    op.create_table(
        "listing_attributes",
        sa.Column("product_id", sa.String(64), sa.ForeignKey("products.id"), primary_key=True),
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.String(100), primary_key=True),
    )
    columns = ["name", "value", "product_id"]
    op.create_index("listings_with_attribute", "listing_attributes", columns)
    op.create_table(
        "listing_titles",
        sa.Column("product_id", sa.String(64), sa.ForeignKey("products.id"), primary_key=True),
        sa.Column("locale", sa.String(8), primary_key=True),
        sa.Column("key", KEY, nullable=False, index=True),
        sa.Column("title", sa.Text, nullable=False),
    )
    op.create_table(
        "zero_results",
        sa.Column("words", sa.String(200), primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("last_at", Instant, nullable=False),
    )


def _words() -> None:
    """The inverted index, each database's own way; `store/words.py` alone knows both."""
    if op.get_context().dialect.name == "postgresql":
        op.execute("CREATE INDEX listing_words ON listings USING gin (words)")
    else:
        # The analyser cuts the words; "ascii" takes every other character as part of one.
        op.execute("CREATE VIRTUAL TABLE listing_words USING fts5(title, rest, tokenize='ascii')")


def _media() -> None:
    op.create_table(
        "media",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("media_type", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "media_owners",
        sa.Column("merchant_id", sa.String(64), primary_key=True),
        sa.Column("digest", sa.String(64), sa.ForeignKey("media.digest"), primary_key=True),
        sa.Column("added_at", Instant, nullable=False),
    )


def _imports() -> None:
    counters = ("size", "position", "rows_read", "rows_failed", "created", "changed", "unchanged")
    op.create_table(
        "imports",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("merchant_id", sa.String(64), nullable=False, index=True),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("dry_run", sa.Boolean, nullable=False),
        sa.Column("create_categories", sa.Boolean, nullable=False),
        sa.Column("encoding", sa.String(16), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counters),
        sa.Column("errors_count", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
    )
    op.create_table(
        "import_pieces",
        sa.Column("import_id", sa.String(36), sa.ForeignKey("imports.id"), primary_key=True),
        sa.Column("start", sa.Integer, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "import_errors",
        sa.Column("import_id", sa.String(36), sa.ForeignKey("imports.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("column", sa.String(64), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
    )
    op.create_table(
        "import_codes",
        sa.Column("import_id", sa.String(36), sa.ForeignKey("imports.id"), primary_key=True),
        sa.Column("code", sa.String(64), primary_key=True),
        sa.Column("external_id", sa.String(64), nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
    )
