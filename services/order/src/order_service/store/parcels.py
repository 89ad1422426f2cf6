"""Parcels, as far as logistics told of them. The order's row is locked already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Executable, Row, bindparam, select

from order_service.domain.parcel import Parcel, ParcelState
from order_service.store import parts, texts
from order_service.store.tables import order_parcels
from shop_events.sql import Upsert, on_conflict


def find(connection: Connection, parcel_id: str) -> Parcel | None:
    """The parcel; None before anything was told of it."""
    row = connection.execute(_ONE, {"of_parcel": parcel_id}).first()
    return None if row is None else _parcel(row)


def order_of(connection: Connection, parcel_id: str) -> str | None:
    """Which order the parcel belongs to."""
    query = select(order_parcels.c.order_id).where(order_parcels.c.parcel_id == parcel_id)
    return connection.execute(query).scalar_one_or_none()


def of_orders(connection: Connection, order_ids: Sequence[str]) -> dict[str, list[Parcel]]:
    """Each order's parcels, the oldest first."""
    rows = parts.of_orders(connection, order_parcels, order_ids)
    return {
        order_id: sorted(map(_parcel, rows[order_id]), key=lambda parcel: parcel.id)
        for order_id in order_ids
    }


def put(connection: Connection, order_id: str, parcel: Parcel) -> None:
    """Write what is known of the parcel now."""
    row = {
        "parcel_id": parcel.id,
        "order_id": order_id,
        "units": texts.from_units(parcel.units),
        "state": parcel.state,
        "fulfilment_id": parcel.fulfilment_id,
        "carrier": parcel.carrier,
        "waybill": parcel.waybill,
        "waybill_version": parcel.waybill_version,
        "receive_at": parcel.receive_at,
    }
    connection.execute(on_conflict(connection, order_parcels, _go_on), row)


_ONE: Final = select(order_parcels).where(order_parcels.c.parcel_id == bindparam("of_parcel"))


def _go_on(row: Upsert) -> Executable:
    new = row.excluded
    names = ("state", "fulfilment_id", "carrier", "waybill", "waybill_version", "receive_at")
    changed = {name: new[name] for name in names}
    return row.on_conflict_do_update(index_elements=["parcel_id"], set_=changed)


def _parcel(row: Row[Any]) -> Parcel:
    return Parcel(
        id=row.parcel_id,
        state=ParcelState(row.state),
        units=texts.to_units(row.units),
        fulfilment_id=row.fulfilment_id,
        carrier=row.carrier,
        waybill=row.waybill,
        waybill_version=row.waybill_version or 0,
        receive_at=row.receive_at,
    )
