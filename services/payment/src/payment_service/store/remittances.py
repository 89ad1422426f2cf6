"""What carriers collected at doors, and the bills by which they brought it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select, update

from payment_service.domain.remittance import Collection
from payment_service.store.tables import carrier_bills, cash_collections
from shop_events.sql import insert_once
from shop_events.values import Money

MOST_OVERDUE: Final = 1_000  # told in one answer, the oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A bill as it was handed in; ``digest`` is that of its content."""

    id: str
    provider: str
    reference: str
    digest: str
    handed_in_by: str
    at: datetime


def keep(connection: Connection, collection: Collection) -> None:
    """Remember what a carrier collected; told again, nothing changes."""
    values = {
        "parcel_id": collection.parcel_id,
        "order_id": collection.order_id,
        "carrier": collection.carrier,
        "waybill": collection.waybill,
        "amount": collection.amount.minor,
        "currency": collection.amount.currency,
        "collected_at": collection.collected_at,
    }
    insert_once(connection, cash_collections, values)


def carriers(connection: Connection) -> list[str]:
    """Who has collected cash for us, by name."""
    of = cash_collections.c.carrier
    return list(connection.execute(select(of).distinct().order_by(of)).scalars())


def add_bill(connection: Connection, bill: Bill) -> bool:
    """Keep this bill; False where the carrier's reference is taken.

    Whoever hands the same reference in meanwhile waits here until this transaction ends.
    """
    values = {name: getattr(bill, name) for name in Bill.__slots__}
    return insert_once(connection, carrier_bills, values)


def answered(connection: Connection, provider: str, reference: str) -> tuple[str, dict[str, Any]]:
    """The digest of the bill with this reference, and what was answered to it."""
    query = select(carrier_bills.c.digest, carrier_bills.c.answer).where(
        carrier_bills.c.provider == provider, carrier_bills.c.reference == reference
    )
    digest, answer = connection.execute(query).one()
    return str(digest), dict(json.loads(answer))


def save_answer(connection: Connection, bill_id: str, answer: Mapping[str, Any]) -> None:
    """Keep what was answered to a bill."""
    values = {"answer": json.dumps(answer)}
    connection.execute(update(carrier_bills).where(carrier_bills.c.id == bill_id).values(**values))


def newest(connection: Connection, *, before: str | None, limit: int) -> list[dict[str, Any]]:
    """What was answered to bills handed in before the bill ``before``, the newest first."""
    query = select(carrier_bills.c.answer).order_by(carrier_bills.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(carrier_bills.c.id < before)
    return [json.loads(answer) for answer in connection.execute(query).scalars()]


def lock(connection: Connection, carrier: str, waybills: Iterable[str]) -> dict[str, Collection]:
    """What this carrier collected for these waybills, by waybill, until this transaction ends.

    In one order, so that two bills at once do not wait for each other. Should two parcels have
    one waybill, which logistics refuses (row 77), the first by id counts.
    """
    some = {"of_carrier": carrier, "of_waybills": list(waybills)}
    found: dict[str, Collection] = {}
    for row in connection.execute(_LOCKED, some):
        found.setdefault(row.waybill, _collection(row))
    return found


def bring(connection: Connection, bill_id: str, collections: Iterable[Collection]) -> None:
    """These were brought by this bill; they are locked."""
    rows = [{"of_parcel": one.parcel_id, "by_bill": bill_id} for one in collections]
    if rows:
        connection.execute(_BROUGHT, rows)


def overdue(connection: Connection, carrier: str, *, before: datetime) -> list[Collection]:
    """What this carrier collected before then and no bill has brought, the oldest first."""
    of = cash_collections.c
    query = (
        select(cash_collections)
        .where(of.carrier == carrier, of.bill_id.is_(None), of.collected_at < before)
        .order_by(of.collected_at, of.parcel_id)
        .limit(MOST_OVERDUE)
    )
    return [_collection(row) for row in connection.execute(query)]


def all_of(connection: Connection) -> list[Collection]:
    """Every collection; for the audit."""
    return [_collection(row) for row in connection.execute(select(cash_collections))]


_LOCKED: Final = (
    select(cash_collections)
    .where(
        cash_collections.c.carrier == bindparam("of_carrier"),
        cash_collections.c.waybill.in_(bindparam("of_waybills", expanding=True)),
    )
    .order_by(cash_collections.c.waybill, cash_collections.c.parcel_id)
    .with_for_update()
)
_BROUGHT: Final = (
    update(cash_collections)
    .where(cash_collections.c.parcel_id == bindparam("of_parcel"))
    .values(bill_id=bindparam("by_bill"))
)


def _collection(row: Row[Any]) -> Collection:
    return Collection(
        parcel_id=row.parcel_id,
        order_id=row.order_id,
        carrier=row.carrier,
        waybill=row.waybill,
        amount=Money(row.amount, row.currency),
        collected_at=row.collected_at,
        bill_id=row.bill_id,
    )
