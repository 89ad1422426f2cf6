"""Notification's tables. Names and addresses stand in ``people``, and in a code until it went."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from shop_events.tables import Instant, Position

metadata = MetaData()

# One row an account, made by whichever fact about it comes first. It is the lock of its notices;
# that of an erased account stays, without the person, so that nothing late brings them back.
people = Table(
    "people",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("email", Text),
    Column("phone", Text),
    Column("locale", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("erased", Boolean, nullable=False),
)

# One row an order, made by whichever fact about it comes first, and the lock of what waits for it.
orders = Table(
    "orders",
    metadata,
    Column("order_id", String(64), primary_key=True),
    Column("account_id", String(64), index=True),
    Column("number", String(64)),
)

titles = Table(
    "titles",
    metadata,
    Column("sku_id", String(64), primary_key=True),
    Column("locale", String(8), primary_key=True),  # one of ours
    Column("title", Text, nullable=False),
    Column("version", Integer, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("cause", String(160), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("account_id", String(64)),
    Column("order_id", String(64)),
    Column("facts", Text),  # JSON; nothing is left of a code once it went
    Column("state", String(16), nullable=False),
    Column("in_inbox", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("read_at", Instant),
    Index("notices_of_account", "account_id", "id"),
    Index(
        "notices_that_wait",
        "order_id",
        postgresql_where=text("state = 'waiting'"),
        sqlite_where=text("state = 'waiting'"),
    ),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("notice_id", String(36), primary_key=True),
    Column("channel", String(8), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("give_up_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    ForeignKeyConstraint(["notice_id"], ["notices.id"], ondelete="CASCADE"),
    Index(
        "deliveries_that_are_due",
        "due_at",
        postgresql_where=text("state = 'due'"),
        sqlite_where=text("state = 'due'"),
    ),
)

# The delivery log: what was tried when, and what came of it. No address, no words.
tries = Table(
    "tries",
    metadata,
    Column("number", Position, primary_key=True, autoincrement=True),
    Column("notice_id", String(36), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", String(8), nullable=False),
    Column("code", String(32), nullable=False),
    ForeignKeyConstraint(
        ["notice_id", "channel"], ["deliveries.notice_id", "deliveries.channel"], ondelete="CASCADE"
    ),
    Index("tries_of_delivery", "notice_id", "channel"),
)

# What somebody does not want; whatever is not here is wanted.
unwanted = Table(
    "unwanted",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("channel", String(8), primary_key=True),
)
