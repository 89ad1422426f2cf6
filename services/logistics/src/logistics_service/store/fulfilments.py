"""Fulfilments with their lines and parcels: read under a lock, written back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, insert, or_, select, update

from logistics_service.domain.errors import ShipmentNotFound, WaybillNotFound
from logistics_service.domain.fulfilment import Fulfilment, Status
from logistics_service.domain.parcel import PackedLine, Parcel, ParcelState
from logistics_service.domain.reservation import Reservation
from logistics_service.store import reservations as claims
from logistics_service.store.tables import fulfilments, parcel_lines, parcels, reservations


def add(connection: Connection, fulfilment: Fulfilment) -> None:
    """Keep a new fulfilment, and let its reservations belong to it."""
    connection.execute(
        insert(fulfilments).values(
            id=fulfilment.id,
            order_id=fulfilment.order_id,
            merchant_id=fulfilment.merchant_id,
            warehouse_id=fulfilment.warehouse_id,
            status=fulfilment.status,
        )
    )
    claims.save(connection, fulfilment.lines)


def lock(connection: Connection, shipment_id: str) -> Fulfilment:
    """The fulfilment of this id, or of the parcel of this id, locked until the transaction ends.

    Raises:
        ShipmentNotFound: there is neither.
    """
    of_parcel = select(parcels.c.fulfilment_id).where(parcels.c.id == shipment_id)
    query = _select().where(
        or_(fulfilments.c.id == shipment_id, fulfilments.c.id == of_parcel.scalar_subquery())
    )
    found = _loaded(connection, query.with_for_update())
    if not found:
        raise ShipmentNotFound(shipment_id)
    return found[0]


def lock_of_order(connection: Connection, order_id: str) -> list[Fulfilment]:
    """The order's fulfilments, locked in the order of their ids."""
    return _loaded(connection, _select().where(_F.order_id == order_id).with_for_update())


def get(connection: Connection, shipment_id: str) -> Fulfilment:
    """The fulfilment of this id, or of the parcel of this id.

    Raises:
        ShipmentNotFound: there is neither.
    """
    of_parcel = select(parcels.c.fulfilment_id).where(parcels.c.id == shipment_id)
    mine = or_(_F.id == shipment_id, _F.id == of_parcel.scalar_subquery())
    found = _loaded(connection, _select().where(mine))
    if not found:
        raise ShipmentNotFound(shipment_id)
    return found[0]


def of_order(connection: Connection, order_id: str) -> list[Fulfilment]:
    """The order's fulfilments."""
    return _loaded(connection, _select().where(_F.order_id == order_id))


def of_merchant(
    connection: Connection,
    merchant_id: str,
    *,
    status: Status | None,
    after: str | None,
    at_most: int,
) -> list[Fulfilment]:
    """A merchant's fulfilments, the oldest first, in one heap or in all, from ``after`` on."""
    query = _select().where(_F.merchant_id == merchant_id)
    if status is not None:
        query = query.where(_F.status == status)
    if after is not None:
        query = query.where(_F.id > after)
    return _loaded(connection, query.limit(at_most))


def with_waybill(connection: Connection, waybill: str) -> list[tuple[Fulfilment, Parcel]]:
    """The parcels with this waybill (several only if several carriers gave it), each with its
    fulfilment.
    """
    query = select(parcels.c.id).where(parcels.c.waybill == waybill).order_by(parcels.c.id)
    ids = connection.execute(query).scalars().all()
    found = [(get(connection, parcel_id), parcel_id) for parcel_id in ids]
    return [(fulfilment, fulfilment.parcel(parcel_id)) for fulfilment, parcel_id in found]


def parcel_of(connection: Connection, carrier: str, waybill: str) -> str:
    """The id of the parcel with this carrier's waybill.

    Raises:
        WaybillNotFound: there is none (yet).
    """
    query = select(parcels.c.id).where(parcels.c.carrier == carrier, parcels.c.waybill == waybill)
    parcel_id: str | None = connection.execute(query).scalar_one_or_none()
    if parcel_id is None:
        raise WaybillNotFound(waybill)
    return parcel_id


def is_taken(connection: Connection, parcel: Parcel) -> bool:
    """Whether another parcel has the carrier and waybill of this one."""
    query = select(parcels.c.id).where(
        parcels.c.carrier == parcel.carrier,
        parcels.c.waybill == parcel.waybill,
        parcels.c.id != parcel.id,
    )
    return connection.execute(query).first() is not None


def all_with_status(connection: Connection) -> Iterator[tuple[Fulfilment, str]]:
    """Every fulfilment, with the status that is written beside it."""
    last = ""
    while rows := connection.execute(_select().where(_F.id > last).limit(_PAGE)).all():
        yield from zip(_with_parts(connection, rows), (row.status for row in rows), strict=True)
        last = rows[-1].id


def save(connection: Connection, before: Fulfilment, after: Fulfilment) -> None:
    """Write what changed between the two."""
    ours = fulfilments.c.id == after.id
    values = {"on_hold": after.on_hold, "status": after.status}
    connection.execute(update(fulfilments).where(ours).values(values))
    old_lines = {line.line_id: line for line in before.lines}
    changed = (line for line in after.lines if line != old_lines[line.line_id])
    claims.save(connection, changed)
    old_parcels = {parcel.id: parcel for parcel in before.parcels}
    for parcel in after.parcels:
        if parcel.id not in old_parcels:
            _add_parcel(connection, parcel)
        elif parcel != old_parcels[parcel.id]:
            key = parcels.c.id == parcel.id
            connection.execute(update(parcels).where(key).values(_how_far(parcel)))


_F = fulfilments.c
_PAGE: Final = 500


def _select() -> Select[Any]:
    return select(fulfilments).order_by(fulfilments.c.id)


def _add_parcel(connection: Connection, parcel: Parcel) -> None:
    values = {
        "id": parcel.id,
        "fulfilment_id": parcel.fulfilment_id,
        "order_id": parcel.order_id,
        **_how_far(parcel),
    }
    connection.execute(insert(parcels).values(values))
    rows = [
        {
            "parcel_id": parcel.id,
            "line_id": line.line_id,
            "sku_id": line.sku_id,
            "quantity": line.quantity,
        }
        for line in parcel.lines
    ]
    connection.execute(insert(parcel_lines), rows)


def _how_far(parcel: Parcel) -> dict[str, Any]:
    return {
        "state": parcel.state,
        "state_at": parcel.state_at,
        "carrier": parcel.carrier,
        "waybill": parcel.waybill,
    }


def _loaded(connection: Connection, query: Select[Any]) -> list[Fulfilment]:
    return _with_parts(connection, connection.execute(query).all())


def _with_parts(connection: Connection, rows: Sequence[Row[Any]]) -> list[Fulfilment]:
    ids = [row.id for row in rows]
    lines: dict[str, list[Reservation]] = defaultdict(list)
    query = select(reservations).where(reservations.c.fulfilment_id.in_(ids))
    for line in connection.execute(query.order_by(reservations.c.line_id)):
        lines[line.fulfilment_id].append(claims.reservation(line))
    boxes: dict[str, list[Parcel]] = defaultdict(list)
    for box in _parcels(connection, ids):
        boxes[box.fulfilment_id].append(box)
    return [
        Fulfilment(
            id=row.id,
            order_id=row.order_id,
            merchant_id=row.merchant_id,
            warehouse_id=row.warehouse_id,
            lines=tuple(lines[row.id]),
            parcels=tuple(boxes[row.id]),
            on_hold=row.on_hold,
        )
        for row in rows
    ]


def _parcels(connection: Connection, fulfilment_ids: Sequence[str]) -> list[Parcel]:
    query = select(parcels).where(parcels.c.fulfilment_id.in_(fulfilment_ids))
    rows = connection.execute(query.order_by(parcels.c.id)).all()
    lines: dict[str, list[Row[Any]]] = defaultdict(list)
    inside = select(parcel_lines).where(parcel_lines.c.parcel_id.in_([row.id for row in rows]))
    for line in connection.execute(inside.order_by(parcel_lines.c.line_id)):
        lines[line.parcel_id].append(line)
    return [_parcel(row, lines[row.id]) for row in rows]


def _parcel(row: Row[Any], lines: Iterable[Row[Any]]) -> Parcel:
    return Parcel(
        id=row.id,
        fulfilment_id=row.fulfilment_id,
        order_id=row.order_id,
        lines=tuple(
            PackedLine(line_id=line.line_id, sku_id=line.sku_id, quantity=line.quantity)
            for line in lines
        ),
        state=ParcelState(row.state),
        state_at=row.state_at,
        carrier=row.carrier,
        waybill=row.waybill,
    )
