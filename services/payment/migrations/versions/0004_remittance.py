"""Cash that carriers collected, and the bills by which they bring it."""

import sqlalchemy as sa
from alembic import op

from shop_events.tables import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "carrier_bills",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("handed_in_by", sa.String(64), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("answer", sa.Text),
        sa.UniqueConstraint("provider", "reference", name="a_reference_names_one_bill"),
    )
    op.create_table(
        "cash_collections",
        sa.Column("parcel_id", sa.String(64), primary_key=True),
        sa.Column("order_id", sa.String(64), nullable=False),
        sa.Column("carrier", sa.String(64), nullable=False),
        sa.Column("waybill", sa.String(64)),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("collected_at", Instant, nullable=False),
        sa.Column("bill_id", sa.String(36), sa.ForeignKey("carrier_bills.id")),
    )
    op.create_index("cash_collections_by_waybill", "cash_collections", ["carrier", "waybill"])
    op.create_index(
        "cash_collections_by_bill", "cash_collections", ["carrier", "bill_id", "collected_at"]
    )
    _remember_what_was_booked_before()


def _remember_what_was_booked_before() -> None:
    """Its waybills were not told; so bills cannot match it, and it is told as not remitted."""
    op.execute(
        "INSERT INTO cash_collections"
        " (parcel_id, order_id, carrier, amount, currency, collected_at)"
        " SELECT substr(p.cause, length('cash:') + 1), p.order_id,"
        " substr(e.account, length('cash_in_transit:') + 1), e.amount, e.currency, p.at"
        " FROM postings p JOIN entries e ON e.posting_id = p.id"
        " WHERE p.cause LIKE 'cash:%' AND e.amount > 0"
    )
