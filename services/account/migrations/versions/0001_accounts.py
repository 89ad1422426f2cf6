"""Accounts, what they prove themselves with, and what they keep here."""

import sqlalchemy as sa
from alembic import op

from chassis.idempotency_table import create_idempotency_table
from chassis.revocation_table import create_revocation_table
from shop_events.schema import create_event_tables
from shop_events.tables import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_event_tables(op)
    create_idempotency_table(op)
    create_revocation_table(op)
    _people()
    _codes()
    _sessions()
    _book()
    _audit()


def _people() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("display_name", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("referral_code", sa.String(32)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
    )
    op.create_table(
        "identifiers",
        sa.Column("channel", sa.String(8), primary_key=True),
        sa.Column("value", sa.String(254), primary_key=True),
        sa.Column("account_id", sa.String(36), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("verified_at", Instant),
    )
    op.create_index("ix_identifiers_account_id", "identifiers", ["account_id"])
    op.create_table(
        "merchants",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "staff",
        sa.Column("account_id", sa.String(36), sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("part", sa.String(16), nullable=False),
        sa.Column("merchant_id", sa.String(64), sa.ForeignKey("merchants.id")),
    )


def _codes() -> None:
    op.create_table(
        "codes",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.String(36), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("value", sa.String(254), nullable=False),
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("display_name", sa.String(64)),
    )
    op.create_index("ix_codes_secret_hash", "codes", ["secret_hash"])
    op.create_index("ix_codes_expires_at", "codes", ["expires_at"])
    op.create_index("codes_of_identifier", "codes", ["channel", "value", "purpose", "id"])
    op.create_table(
        "asked",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("value", sa.String(400), nullable=False),
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("display_name", sa.String(64)),
        sa.Column("locale", sa.String(8)),
        sa.Column("referral_code", sa.String(32)),
    )
    op.create_table(
        "throttles",
        sa.Column("key", sa.String(128), primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("until", Instant, nullable=False),
    )
    op.create_index("ix_throttles_until", "throttles", ["until"])


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.String(36), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("part", sa.String(16), nullable=False),
        sa.Column("merchant_id", sa.String(64)),
        sa.Column("device", sa.String(200), nullable=False),
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("last_used_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("revoked_at", Instant),
    )
    op.create_index("ix_sessions_ends_at", "sessions", ["ends_at"])
    op.create_index("sessions_of_account", "sessions", ["account_id", "id"])
    op.create_table(
        "refresh_tokens",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("session_id", sa.String(36), sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("used_at", Instant),
        sa.Column("nonce", sa.String(64)),
    )
    op.create_index("ix_refresh_tokens_session_id", "refresh_tokens", ["session_id"])


def _book() -> None:
    op.create_table(
        "addresses",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.String(36), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("recipient", sa.String(64), nullable=False),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("division_code", sa.String(6), nullable=False),
        sa.Column("line1", sa.String(200), nullable=False),
        sa.Column("postal_code", sa.String(6)),
        sa.Column("is_default", sa.Boolean, nullable=False),
    )
    op.create_index("ix_addresses_account_id", "addresses", ["account_id"])
    condition = sa.text("is_default")
    op.create_index(
        "one_default_address",
        "addresses",
        ["account_id"],
        unique=True,
        postgresql_where=condition,
        sqlite_where=condition,
    )


def _audit() -> None:
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("expires_at", Instant, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
    )
    for statement in _append_only(op.get_bind().dialect.name):
        op.execute(statement)


def _append_only(dialect: str) -> list[str]:
    """SECURITY.md part 8: rows of the audit table are neither changed nor deleted."""
    why = "rows of the audit table stay as they are"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
            f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        f"""
        CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{why}'; END $$
        """,
        """
        CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()
        """,
    ]
