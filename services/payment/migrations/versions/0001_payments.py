"""Payables, payments, refunds, the ledger, and what is to be asked of providers."""

import sqlalchemy as sa
from alembic import op

from chassis.idempotency_table import create_idempotency_table
from shop_events.schema import create_event_tables
from shop_events.tables import Instant, Position

revision = "0001"
down_revision = None

LIVE = sa.text("state NOT IN ('refunded', 'failed', 'cancelled')")


def upgrade() -> None:
    create_event_tables(op)
    create_idempotency_table(op)
    _payables()
    _payments()
    _refunds()
    _line_money()
    _provider_traffic()
    _ledger()
    for table in ("postings", "entries"):
        _append_only(table)


def _payables() -> None:
    op.create_table(
        "payables",
        sa.Column("order_id", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64)),
        sa.Column("amount", sa.BigInteger),
        sa.Column("currency", sa.String(3)),
        sa.Column("method", sa.String(24)),
        sa.Column("pay_by", Instant),
        _fact("paid"),
        _fact("confirmed"),
        _fact("on_delivery"),
        _fact("cancelled"),
        sa.CheckConstraint("amount >= 0", name="nothing_below_zero_is_due"),
    )
    op.create_index("ix_payables_account_id", "payables", ["account_id"])


def _fact(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _payments() -> None:
    op.create_table(
        "payments",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("order_id", sa.String(64), sa.ForeignKey("payables.order_id"), nullable=False),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("method", sa.String(24), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("provider_ref", sa.String(128)),
        sa.Column("code", sa.String(64)),
        _fact("may_retry"),
        sa.Column("created_at", Instant, nullable=False),
        sa.CheckConstraint("amount > 0", name="a_payment_takes_something"),
    )
    op.create_index("payments_of_order", "payments", ["order_id", "id"])
    op.create_index(
        "one_live_payment_an_order",
        "payments",
        ["order_id"],
        unique=True,
        postgresql_where=LIVE,
        sqlite_where=LIVE,
    )


def _refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("order_id", sa.String(64), sa.ForeignKey("payables.order_id"), nullable=False),
        sa.Column("payment_id", sa.String(36), sa.ForeignKey("payments.id")),
        sa.Column("cause", sa.String(128), nullable=False, unique=True),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("shares", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("code", sa.String(64)),
        sa.Column("created_at", Instant, nullable=False),
        sa.CheckConstraint("amount > 0", name="a_refund_gives_something"),
    )
    op.create_index("ix_refunds_order_id", "refunds", ["order_id"])
    op.create_index("ix_refunds_payment_id", "refunds", ["payment_id"])


def _line_money() -> None:
    op.create_table(
        "line_money",
        sa.Column("order_id", sa.String(64), sa.ForeignKey("payables.order_id"), primary_key=True),
        sa.Column("merchant_id", sa.String(64), primary_key=True),
        sa.Column("line_id", sa.String(64), primary_key=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("paid", sa.BigInteger),
        sa.Column("settled", sa.BigInteger, nullable=False),
        sa.Column("commission", sa.BigInteger, nullable=False),
        sa.Column("refunded", sa.BigInteger, nullable=False),
    )


def _provider_traffic() -> None:
    op.create_table(
        "provider_calls",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("ix_provider_calls_due_at", "provider_calls", ["due_at"])
    op.create_table(
        "provider_events",
        sa.Column("provider", sa.String(32), primary_key=True),
        sa.Column("event_id", sa.String(128), primary_key=True),
        sa.Column("payment_id", sa.String(36), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("contradicts", sa.Boolean, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
    )


def _ledger() -> None:
    op.create_table(
        "postings",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("cause", sa.String(160), nullable=False, unique=True),
        sa.Column("order_id", sa.String(64), nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_index("ix_postings_order_id", "postings", ["order_id"])
    op.create_table(
        "entries",
        sa.Column("number", Position, primary_key=True, autoincrement=True),
        sa.Column("posting_id", sa.String(36), sa.ForeignKey("postings.id"), nullable=False),
        sa.Column("account", sa.String(128), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.CheckConstraint("amount <> 0", name="an_entry_moves_something"),
    )
    op.create_index("ix_entries_posting_id", "entries", ["posting_id"])
    op.create_index("ix_entries_account", "entries", ["account"])


def _append_only(table: str) -> None:
    """What is booked stays booked; a mistake is put right by another posting."""
    words = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{words}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
