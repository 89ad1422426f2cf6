"""Logistics' tables. Amounts are minor units beside the order's currency."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from shop_events.tables import Instant, Position

metadata = MetaData()

# Whose goods a SKU is, as catalog said with that version of the product. Without one: a
# development shop's, of the merchant who was the first to receive any.
skus = Table(
    "skus",
    metadata,
    Column("sku_id", String(64), primary_key=True),
    Column("merchant_id", String(64), nullable=False),
    Column("product_id", String(64)),
    Column("product_version", BigInteger),
    Index("skus_of_merchant", "merchant_id", "sku_id"),
)

stock_levels = Table(
    "stock_levels",
    metadata,
    Column("sku_id", String(64), ForeignKey("skus.sku_id"), primary_key=True),
    Column("warehouse_id", String(64), primary_key=True),
    Column("on_hand", Integer, nullable=False, default=0),
    Column("held", Integer, nullable=False, default=0),
    Column("allocated", Integer, nullable=False, default=0),
    Column("safety", Integer, nullable=False, default=0),
    Column("version", BigInteger, nullable=False, default=0),
    CheckConstraint("held >= 0 AND allocated >= 0 AND safety >= 0", name="no_counter_below_zero"),
    CheckConstraint("on_hand >= held + allocated", name="what_is_promised_is_there"),
)

# Append-only: triggers refuse UPDATE and DELETE on both databases.
movements = Table(
    "movements",
    metadata,
    Column("id", Position, primary_key=True, autoincrement=True),
    Column("sku_id", String(64), nullable=False),
    Column("warehouse_id", String(64), nullable=False),
    Column("type", String(16), nullable=False),
    Column("on_hand", Integer, nullable=False),  # what it added to each counter
    Column("held", Integer, nullable=False),
    Column("allocated", Integer, nullable=False),
    Column("safety", Integer, nullable=False, server_default="0"),
    Column("cause", String(80), nullable=False),
    Column("reason", Text),
    Column("at", Instant, nullable=False),
    ForeignKeyConstraint(
        ["sku_id", "warehouse_id"], ["stock_levels.sku_id", "stock_levels.warehouse_id"]
    ),
    UniqueConstraint("cause", "type", "sku_id", "warehouse_id", name="a_cause_moves_once"),
    CheckConstraint("type <> 'adjusted' OR reason IS NOT NULL", name="an_adjustment_has_a_reason"),
    Index("movements_of_sku", "sku_id", "warehouse_id", "id"),
)

# What order told. A row may begin with any of its events; the columns say which were heard.
orders = Table(
    "orders",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(64), index=True),
    Column("number", String(64), index=True),
    Column("delivery_method", String(32)),
    Column("placed", Boolean, nullable=False, default=False),
    Column("confirmed", Boolean, nullable=False, default=False),
    Column("cancelled", Boolean, nullable=False, default=False),
    Column("asked", Text, nullable=False, default="[]"),
    Column("on_delivery", Boolean),
    Column("currency", String(3)),
    Column("shipping", BigInteger),
    Column("recipient", Text),
    Column("phone", Text),
    Column("address", Text),
    # Who gets it was deleted, and is not to be kept again.
    Column("forgotten", Boolean, nullable=False, default=False, server_default=false()),
)

order_lines = Table(
    "order_lines",
    metadata,
    Column("order_id", String(36), ForeignKey("orders.id"), primary_key=True),
    Column("line_id", String(36), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("sku_id", String(64), nullable=False),
    Column("merchant_id", String(64), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("unit_price", BigInteger, nullable=False),
    Column("payable", BigInteger, nullable=False),
)

fulfilments = Table(
    "fulfilments",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("order_id", String(36), ForeignKey("orders.id"), nullable=False),
    Column("merchant_id", String(64), nullable=False),
    Column("warehouse_id", String(64), nullable=False),
    Column("on_hold", Boolean, nullable=False, default=False),
    Column("status", String(16), nullable=False),  # a copy of the derived one, to list heaps by
    UniqueConstraint("order_id", "merchant_id", "warehouse_id", name="one_per_merchant_and_house"),
    Index("fulfilments_in_heaps", "merchant_id", "status", "id"),
)

reservations = Table(
    "reservations",
    metadata,
    Column("order_id", String(36), primary_key=True),
    Column("line_id", String(36), primary_key=True),
    Column("sku_id", String(64), nullable=False, index=True),
    Column("warehouse_id", String(64), nullable=False),
    Column("merchant_id", String(64), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("consumed", Integer, nullable=False, default=0),
    Column("released", Integer, nullable=False, default=0),
    Column("fulfilment_id", String(36), ForeignKey("fulfilments.id"), index=True),
    ForeignKeyConstraint(["order_id", "line_id"], ["order_lines.order_id", "order_lines.line_id"]),
    CheckConstraint("quantity > 0", name="a_reservation_has_units"),
    CheckConstraint("consumed + released <= quantity", name="a_unit_ends_once"),
)

parcels = Table(
    "parcels",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("fulfilment_id", String(36), ForeignKey("fulfilments.id"), nullable=False, index=True),
    Column("order_id", String(36), nullable=False, index=True),
    Column("state", String(24), nullable=False),
    Column("state_at", Instant, nullable=False),
    Column("carrier", String(64)),
    Column("waybill", String(64), index=True),
    Column("pick_up_code", String(8)),
    UniqueConstraint("carrier", "waybill", name="a_waybill_is_one_parcels"),
)

parcel_lines = Table(
    "parcel_lines",
    metadata,
    Column("parcel_id", String(36), ForeignKey("parcels.id"), primary_key=True),
    Column("line_id", String(36), primary_key=True),
    Column("sku_id", String(64), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("first_unit", Integer, nullable=False),
    CheckConstraint("quantity > 0", name="a_parcel_line_has_units"),
    CheckConstraint("first_unit >= 0", name="units_are_numbered_from_0"),
)

traces = Table(
    "traces",
    metadata,
    Column("carrier", String(64), primary_key=True),
    Column("event_id", String(128), primary_key=True),
    Column("parcel_id", String(36), ForeignKey("parcels.id"), nullable=False),
    Column("state", String(24), nullable=False),
    Column("place", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("code", String(16)),  # the carrier's own word
    Column("note", String(24)),
    Column("signer", Text),
    Column("proof", Text),
    UniqueConstraint("parcel_id", "at", "state", name="a_parcel_is_seen_once_at_a_time"),
)

# What a carrier took at the door for us, once per parcel.
collections = Table(
    "collections",
    metadata,
    Column("parcel_id", String(36), ForeignKey("parcels.id"), primary_key=True),
    Column("order_id", String(36), nullable=False, index=True),
    Column("merchant_id", String(64), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount", BigInteger, nullable=False),
)

# Each version there ever was; the highest counts. Append-only.
delivery_rates = Table(
    "delivery_rates",
    metadata,
    Column("rates_id", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("methods", Text, nullable=False),
    Column("changed_by", String(64), nullable=False),
    Column("changed_at", Instant, nullable=False),
)

# Who put which waybill right. Append-only.
waybill_changes = Table(
    "waybill_changes",
    metadata,
    Column("id", Position, primary_key=True, autoincrement=True),
    Column("parcel_id", String(36), ForeignKey("parcels.id"), nullable=False, index=True),
    Column("changed_by", String(64), nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("old_carrier", String(64), nullable=False),
    Column("old_waybill", String(64), nullable=False),
    Column("new_carrier", String(64), nullable=False),
    Column("new_waybill", String(64), nullable=False),
)

# How far a night's proof of the stock ledger is, and what it found.
stock_proofs = Table(
    "stock_proofs",
    metadata,
    Column("night", String(10), primary_key=True),
    Column("after_sku", String(64), nullable=False),
    Column("checked", Integer, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
)

# Parcels on their way, and when their carrier is asked about them if it says nothing.
carrier_questions = Table(
    "carrier_questions",
    metadata,
    Column("parcel_id", String(36), ForeignKey("parcels.id"), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False, index=True),
)

erased_accounts = Table(
    "erased_accounts",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("erased_at", Instant, nullable=False),
)
