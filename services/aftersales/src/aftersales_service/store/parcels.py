"""Parcels as they were told. The order's row is locked already."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from aftersales_service.domain.order import Parcel
from aftersales_service.store.tables import parcel_lines, parcels
from shop_events.sql import insert_once

Unit = tuple[str, int, int | None]  # line id, how many, number of the first


def note_delivered(
    connection: Connection,
    parcel_id: str,
    *,
    order_id: str,
    units: Iterable[Unit],
    signed_at: datetime,
) -> None:
    """The parcel was signed for; the first time it is told counts."""
    insert_once(connection, parcels, {"id": parcel_id, "order_id": order_id})
    if not _first_time(connection, parcel_id, signed_at=signed_at):
        return
    rows = [
        {
            "parcel_id": parcel_id,
            "position": place,
            "line_id": line_id,
            "quantity": quantity,
            "first_unit": first,
        }
        for place, (line_id, quantity, first) in enumerate(units)
    ]
    if rows:
        connection.execute(_ADD_LINES, rows)


def note_received(
    connection: Connection, parcel_id: str, *, order_id: str, received_at: datetime
) -> None:
    """The buyer has the parcel; the first time it is told counts."""
    insert_once(connection, parcels, {"id": parcel_id, "order_id": order_id})
    _first_time(connection, parcel_id, received_at=received_at)


def of_order(connection: Connection, order_id: str) -> tuple[Parcel, ...]:
    """The order's parcels."""
    units: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in connection.execute(_LINES, {"of_order": order_id}):
        units[row.parcel_id][row.line_id] += row.quantity
    return tuple(
        Parcel(id=row.id, units=units[row.id], received_at=row.received_at)
        for row in connection.execute(_PARCELS, {"of_order": order_id})
    )


def _first_time(connection: Connection, parcel_id: str, **told: datetime) -> bool:
    (column,) = told
    once = _UPDATE.where(parcels.c[column].is_(None))
    values: dict[str, Any] = {"of_parcel": parcel_id, **told}
    return connection.execute(once, values).rowcount == 1


_UPDATE: Final = update(parcels).where(parcels.c.id == bindparam("of_parcel"))
_ADD_LINES: Final = insert(parcel_lines)
_PARCELS: Final = (
    select(parcels).where(parcels.c.order_id == bindparam("of_order")).order_by(parcels.c.id)
)
_LINES: Final = (
    select(parcel_lines)
    .join(parcels, parcels.c.id == parcel_lines.c.parcel_id)
    .where(parcels.c.order_id == bindparam("of_order"))
)
