"""Payment's tables. Amounts are minor units beside their currency."""

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

from shop_events.tables import Instant, Position

metadata = MetaData()

# One row an order, made by whichever fact about its money comes first. It is the lock of all else.
payables = Table(
    "payables",
    metadata,
    Column("order_id", String(64), primary_key=True),
    Column("account_id", String(64), index=True),
    Column("amount", BigInteger),
    Column("currency", String(3)),
    Column("method", String(24)),
    Column("pay_by", Instant),
    Column("paid", Boolean, nullable=False, default=False),
    Column("confirmed", Boolean, nullable=False, default=False),
    Column("on_delivery", Boolean, nullable=False, default=False),
    Column("cancelled", Boolean, nullable=False, default=False),
    CheckConstraint("amount >= 0", name="nothing_below_zero_is_due"),
)

_LIVE = text("state NOT IN ('refunded', 'failed', 'cancelled')")

payments = Table(
    "payments",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("order_id", String(64), ForeignKey("payables.order_id"), nullable=False),
    Column("account_id", String(64), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("method", String(24), nullable=False),
    Column("provider", String(32), nullable=False),
    Column("state", String(24), nullable=False),
    Column("provider_ref", String(128)),
    Column("code", String(64)),
    Column("may_retry", Boolean, nullable=False, default=False),
    Column("created_at", Instant, nullable=False),
    Column("return_url", Text),
    Column("action_url", Text),
    CheckConstraint("amount > 0", name="a_payment_takes_something"),
    Index("payments_of_order", "order_id", "id"),
    Index(
        "one_live_payment_an_order",
        "order_id",
        unique=True,
        postgresql_where=_LIVE,
        sqlite_where=_LIVE,
    ),
)

refunds = Table(
    "refunds",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("order_id", String(64), ForeignKey("payables.order_id"), nullable=False, index=True),
    Column("payment_id", String(36), ForeignKey("payments.id"), index=True),
    Column("cause", String(128), nullable=False, unique=True),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("shares", Text, nullable=False),  # JSON: read whole or not at all
    Column("reason", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("code", String(64)),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("amount > 0", name="a_refund_gives_something"),
    Index("refunds_by_state", "state", "id"),
)

# The running sums behind `domain.settlement`; '' as line id is a merchant's shipping.
line_money = Table(
    "line_money",
    metadata,
    Column("order_id", String(64), ForeignKey("payables.order_id"), primary_key=True),
    Column("merchant_id", String(64), primary_key=True),
    Column("line_id", String(64), primary_key=True),
    Column("currency", String(3), nullable=False),
    Column("paid", BigInteger),
    Column("settled", BigInteger, nullable=False),
    Column("commission", BigInteger, nullable=False),
    Column("refunded", BigInteger, nullable=False),
)

# What is to be asked of a provider, and when. A row goes when its answer is recorded.
provider_calls = Table(
    "provider_calls",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("due_at", Instant, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, default=0),
)

# Callbacks already taken; kept longer than any provider repeats them (P6).
provider_events = Table(
    "provider_events",
    metadata,
    Column("provider", String(32), primary_key=True),
    Column("event_id", String(128), primary_key=True),
    Column("payment_id", String(36), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("contradicts", Boolean, nullable=False),
    Column("received_at", Instant, nullable=False),
)

# Callbacks that were signed and speak of what is not ours (P5): kept for people, without effect.
quarantined_callbacks = Table(
    "quarantined_callbacks",
    metadata,
    Column("provider", String(32), primary_key=True),
    Column("event_id", String(128), primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("payment_id", String(64)),  # what it claims to be about
    Column("why", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
)

# Append-only: triggers refuse every UPDATE and DELETE.
hand_settlements = Table(
    "hand_settlements",
    metadata,
    Column("refund_id", String(64), ForeignKey("refunds.id"), primary_key=True),
    Column("reference", String(128), nullable=False),
    Column("settled_by", String(64), nullable=False),
    Column("at", Instant, nullable=False),
)

# Bills that carriers handed in; a carrier's reference names one content for good.
carrier_bills = Table(
    "carrier_bills",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("provider", String(64), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("handed_in_by", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("answer", Text),  # JSON: read whole; written before the transaction ends
    UniqueConstraint("provider", "reference", name="a_reference_names_one_bill"),
)

# Cash that carriers took at doors: one row a parcel. `bill_id` is the bill that brought it.
cash_collections = Table(
    "cash_collections",
    metadata,
    Column("parcel_id", String(64), primary_key=True),
    Column("order_id", String(64), nullable=False),
    Column("carrier", String(64), nullable=False),
    Column("waybill", String(64)),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("collected_at", Instant, nullable=False),
    Column("bill_id", String(36), ForeignKey("carrier_bills.id")),
    Index("cash_collections_by_waybill", "carrier", "waybill"),
    Index("cash_collections_by_bill", "carrier", "bill_id", "collected_at"),
)

postings = Table(
    "postings",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("cause", String(160), nullable=False, unique=True),
    Column("order_id", String(64), nullable=False, index=True),
    Column("at", Instant, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("number", Position, primary_key=True, autoincrement=True),
    Column("posting_id", String(36), ForeignKey("postings.id"), nullable=False, index=True),
    Column("account", String(128), nullable=False, index=True),
    Column("amount", BigInteger, nullable=False),  # above zero a debit, below zero a credit
    Column("currency", String(3), nullable=False),
    CheckConstraint("amount <> 0", name="an_entry_moves_something"),
)
