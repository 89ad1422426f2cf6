"""Aftersales' tables. Amounts are minor units beside their currency."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
)

from shop_events.tables import Instant

metadata = MetaData()

# The row that everything about an account locks first. Of one that was erased it is all that stays:
# an id that names nobody any more, so that what comes late is not kept.
accounts = Table(
    "accounts",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("erased", Boolean, nullable=False),
)

# A row begins with whichever event comes first; a parcel's does not say whose order it is.
orders = Table(
    "orders",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account_id", String(64), index=True),
    Column("confirmed", Boolean, nullable=False),
    Column("end", String(16)),
)


def _order_id(*, primary_key: bool = False, index: bool = False) -> Column[str]:
    order = ForeignKey("orders.id", ondelete="CASCADE")
    return Column(
        "order_id", String(64), order, primary_key=primary_key, nullable=False, index=index
    )


order_lines = Table(
    "order_lines",
    metadata,
    _order_id(primary_key=True),
    Column("line_id", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("sku_id", String(64), nullable=False),
    Column("merchant_id", String(64), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", BigInteger, nullable=False),
    Column("payable", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    CheckConstraint("quantity > 0", name="a_line_has_units"),
)

parcels = Table(
    "parcels",
    metadata,
    Column("id", String(64), primary_key=True),
    _order_id(index=True),
    Column("signed_at", Instant),
    Column("received_at", Instant),
)

# ``first_unit`` says which part of the line's amount a unit has (M4); refunds will need it.
parcel_lines = Table(
    "parcel_lines",
    metadata,
    Column("parcel_id", String(64), ForeignKey("parcels.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("line_id", String(64), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("first_unit", Integer),
    CheckConstraint("quantity > 0", name="a_parcel_holds_units"),
)
