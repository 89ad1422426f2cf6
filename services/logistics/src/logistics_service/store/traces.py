"""Traces of parcels, and what was collected at the door."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select, update

from logistics_service.domain.trace import Note, Sighting, Trace
from logistics_service.store.tables import collections, parcels, traces
from shop_events.sql import insert_once
from shop_events.values import Money


def add(connection: Connection, parcel_id: str, trace: Trace) -> bool:
    """Keep a trace; False when it is known, by its event id or by what it says."""
    values = {
        "carrier": trace.carrier,
        "event_id": trace.event_id,
        "parcel_id": parcel_id,
        "state": trace.state,
        "place": trace.place,
        "at": trace.at,
        "code": trace.code,
        "note": trace.note,
        "signer": trace.signer,
        "proof": trace.proof,
    }
    return insert_once(connection, traces, values)


def times_seen(connection: Connection, parcel_id: str, state: Sighting) -> int:
    """How many traces say so of the parcel."""
    ours = (traces.c.parcel_id == parcel_id) & (traces.c.state == state)
    return int(connection.execute(select(func.count()).where(ours)).scalar_one())


def of_parcels(connection: Connection, parcel_ids: Iterable[str]) -> dict[str, list[Trace]]:
    """The traces of these parcels, each parcel's in the order in which they happened."""
    ids = list(parcel_ids)
    query = select(traces).where(traces.c.parcel_id.in_(ids))
    found: dict[str, list[Trace]] = {parcel_id: [] for parcel_id in ids}
    for row in connection.execute(query.order_by(traces.c.at, traces.c.event_id)):
        found[row.parcel_id].append(
            Trace(
                carrier=row.carrier,
                event_id=row.event_id,
                state=Sighting(row.state),
                place=row.place,
                at=row.at,
                code=row.code,
                note=None if row.note is None else Note(row.note),
                signer=row.signer,
                proof=row.proof,
            )
        )
    return found


def was_traced(connection: Connection, parcel_id: str) -> bool:
    """Whether anybody ever saw the parcel."""
    query = select(traces.c.event_id).where(traces.c.parcel_id == parcel_id)
    return connection.execute(query.limit(1)).first() is not None


def forget_people(connection: Connection, order_id: str) -> None:
    """Delete who signed for the order's parcels, and what proves it."""
    ours = select(parcels.c.id).where(parcels.c.order_id == order_id)
    query = update(traces).where(traces.c.parcel_id.in_(ours)).values(signer=None, proof=None)
    connection.execute(query)


def was_collected(connection: Connection, order_id: str, merchant_id: str) -> bool:
    """Whether cash was collected for one of the merchant's parcels of the order before."""
    ours = (collections.c.order_id == order_id) & (collections.c.merchant_id == merchant_id)
    return connection.execute(select(collections.c.parcel_id).where(ours)).first() is not None


def add_collection(
    connection: Connection, parcel_id: str, *, order_id: str, merchant_id: str, amount: Money
) -> bool:
    """Keep what was collected for a parcel; False when that is known."""
    values = {
        "parcel_id": parcel_id,
        "order_id": order_id,
        "merchant_id": merchant_id,
        "currency": amount.currency,
        "amount": amount.minor,
    }
    return insert_once(connection, collections, values)
