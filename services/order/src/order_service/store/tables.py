"""Order's tables. Amounts are minor units beside the order's currency."""

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
)

from shop_events.tables import Instant, Position

metadata = MetaData()

# A quote is read whole or not at all, and swept a day after it has expired.
quotes = Table(
    "quotes",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(64), nullable=False, index=True),  # empty: nobody's
    Column("body", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("order_id", String(36), unique=True),
)

orders = Table(
    "orders",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("number", String(24), nullable=False, unique=True),
    Column("account_id", String(64), nullable=False),
    Column("track", String(24), nullable=False),
    Column("cancel_reason", String(24)),
    Column("currency", String(3), nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("payment_method", String(24), nullable=False),
    Column("on_delivery", Boolean, nullable=False),
    Column("delivery_method", String(32), nullable=False),
    Column("destination", Text, nullable=False),
    Column("note", Text),
    Column("placed_at", Instant, nullable=False),
    Column("pay_by", Instant, nullable=False),
    Column("traceable", Boolean, nullable=False, default=True),
    Column("promise_days", Integer),
    Column("receipt_extended_at", Instant),
    Index("orders_of_account", "account_id", "id"),
)

order_lines = Table(
    "order_lines",
    metadata,
    Column("order_id", String(36), ForeignKey("orders.id"), primary_key=True),
    Column("line_id", String(8), primary_key=True),
    Column("sku_id", String(64), nullable=False),
    Column("merchant_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", BigInteger, nullable=False),
    Column("discount_share", BigInteger, nullable=False),
    Column("cancelled", Integer, nullable=False, default=0),
    Column("received", Integer, nullable=False, default=0),
    Column("answered", Integer, nullable=False, default=0),
    Column("goods", Text),  # JSON: what they were when they were ordered
    Index("order_lines_of_merchant", "merchant_id", "order_id"),
    CheckConstraint("quantity > 0", name="a_line_has_units"),
    CheckConstraint("cancelled + received <= quantity", name="a_unit_ends_once"),
    CheckConstraint("answered <= quantity", name="a_unit_is_answered_once"),
    CheckConstraint("discount_share <= unit_price * quantity", name="no_line_below_zero"),
)

order_freights = Table(
    "order_freights",
    metadata,
    Column("order_id", String(36), ForeignKey("orders.id"), primary_key=True),
    Column("merchant_id", String(64), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("done", Boolean, nullable=False, default=False),
)

# Money that arrived. The currency is kept, because not even that need be the order's.
order_payments = Table(
    "order_payments",
    metadata,
    Column("payment_id", String(64), primary_key=True),
    Column("order_id", String(36), ForeignKey("orders.id"), nullable=False, index=True),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("expected", Boolean, nullable=False),
)

# Facts about fulfilments, each once, however often and in whatever order they are told.
order_fulfilments = Table(
    "order_fulfilments",
    metadata,
    Column("fulfilment_id", String(64), primary_key=True),
    Column("fact", String(16), primary_key=True),
    Column("order_id", String(36), ForeignKey("orders.id"), nullable=False, index=True),
)

order_parcels = Table(
    "order_parcels",
    metadata,
    Column("parcel_id", String(64), primary_key=True),
    Column("order_id", String(36), ForeignKey("orders.id"), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("units", Text, nullable=False),
    Column("fulfilment_id", String(64)),
    Column("carrier", Text),
    Column("waybill", Text),
    Column("waybill_version", Integer),  # how often logistics corrected it
    Column("receive_at", Instant),  # when it counts as received, unless the buyer says so before
)

# One refund per cause, whatever is told twice. A cause that costs nothing has one of nothing.
order_refunds = Table(
    "order_refunds",
    metadata,
    Column("refund_id", String(64), primary_key=True),
    Column("order_id", String(36), ForeignKey("orders.id"), nullable=False, index=True),
    Column("cause", String(96), nullable=False, unique=True),
    Column("amount", BigInteger, nullable=False),
    Column("went_back", BigInteger),
    Column("state", String(16), nullable=False),
    Column("ours", Boolean, nullable=False),
)

# Why an order costs what it costs, frozen when it was placed, and the changes its buyer agreed to.
order_papers = Table(
    "order_papers",
    metadata,
    Column("order_id", String(36), ForeignKey("orders.id"), primary_key=True),
    Column("explanation", Text, nullable=False),
    Column("accepted", Text, nullable=False),
)

# What happened to an order, for people to read. A thing is told once, however often it is heard.
order_timeline = Table(
    "order_timeline",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=True),
    Column("order_id", String(36), ForeignKey("orders.id"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("key", String(160), nullable=False),
    Column("at", Instant, nullable=False),
    Column("params", Text, nullable=False),
    Column("trace_id", String(32), nullable=False),
    UniqueConstraint("order_id", "kind", "key", name="a_thing_is_told_once"),
)

# Units that arrived damaged, or not at all: they neither settle nor start a window.
order_claims = Table(
    "order_claims",
    metadata,
    Column("parcel_id", String(64), primary_key=True),
    Column("line_id", String(8), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("order_id", String(36), ForeignKey("orders.id"), nullable=False, index=True),
    Column("units", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened_at", Instant, nullable=False),
    CheckConstraint("quantity > 0", name="a_claim_is_about_units"),
)
