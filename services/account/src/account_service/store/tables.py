"""Account's tables. Secrets are hashes, in all of them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    text,
)

from shop_events.tables import Instant

metadata = MetaData()

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("display_name", String(64), nullable=False),
    Column("locale", String(8), nullable=False),
    Column("status", String(16), nullable=False),
    Column("password_hash", String(255)),  # none until the first address is verified
    Column("referral_code", String(32)),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
)

identifiers = Table(
    "identifiers",
    metadata,
    Column("channel", String(8), primary_key=True),
    Column("value", String(254), primary_key=True),
    Column("account_id", String(36), ForeignKey("accounts.id"), nullable=False, index=True),
    Column("verified_at", Instant),
    Column("rank", Integer, nullable=False, server_default="0"),  # who is reached by the least
)

staff = Table(
    "staff",
    metadata,
    Column("account_id", String(36), ForeignKey("accounts.id"), primary_key=True),
    Column("part", String(16), nullable=False),
    Column("merchant_id", String(64), ForeignKey("merchants.id")),
)

merchants = Table(
    "merchants",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("status", String(16), nullable=False),
    Column("version", Integer, nullable=False),
)

codes = Table(
    "codes",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(36), ForeignKey("accounts.id"), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("value", String(254), nullable=False),
    Column("purpose", String(24), nullable=False),
    Column("secret_hash", String(64), nullable=False, index=True),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("password_hash", String(255)),  # what the account gets once the code comes back
    Column("display_name", String(64)),
    Index("codes_of_identifier", "channel", "value", "purpose", "id"),
)

asked = Table(
    "asked",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("channel", String(8), nullable=False),
    Column("value", String(400), nullable=False),  # as it was typed, where it is no address
    Column("purpose", String(24), nullable=False),
    Column("password_hash", String(255)),
    Column("display_name", String(64)),
    Column("locale", String(8)),
    Column("referral_code", String(32)),
    Column("account_id", String(36)),  # who wants to be reached by it, or no more
)

moves = Table(
    "moves",
    metadata,
    Column("account_id", String(36), ForeignKey("accounts.id"), primary_key=True),
    Column("channel", String(8), primary_key=True),
    Column("value", String(254), nullable=False),
    Column("replaces", String(254)),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("proved", Boolean, nullable=False),
    Column("agreed", Boolean, nullable=False),
    Column("done", Boolean, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(36), ForeignKey("accounts.id"), nullable=False),
    Column("part", String(16), nullable=False),
    Column("merchant_id", String(64)),
    Column("device", String(200), nullable=False),
    Column("network", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_used_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
    Column("revoked_at", Instant),
    Index("sessions_of_account", "account_id", "id"),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("session_id", String(36), ForeignKey("sessions.id"), nullable=False, index=True),
    Column("used_at", Instant),
    Column("nonce", String(64)),
)

throttles = Table(
    "throttles",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("until", Instant, nullable=False, index=True),
)

addresses = Table(
    "addresses",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(36), ForeignKey("accounts.id"), nullable=False, index=True),
    Column("recipient", String(64), nullable=False),
    Column("phone", String(16), nullable=False),
    Column("country", String(2), nullable=False),
    Column("division_code", String(6), nullable=False),
    Column("line1", String(200), nullable=False),
    Column("postal_code", String(6)),
    Column("is_default", Boolean, nullable=False),
    Index(
        "one_default_address",
        "account_id",
        unique=True,
        postgresql_where=text("is_default"),
        sqlite_where=text("is_default"),
    ),
)

invitations = Table(
    "invitations",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("expires_at", Instant, nullable=False),
)

# Triggers of the migration refuse to change or delete its rows.
audit = Table(
    "audit",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(64), nullable=False),  # an account's id, or who else did it
    Column("action", String(32), nullable=False),
    Column("subject", String(64), nullable=False),  # the id of what it was done to
)
