"""Fulfilments with their lines and parcels: read under a lock, written back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from logistics_service.domain.errors import ShipmentNotFound, WaybillNotFound, WaybillTaken
from logistics_service.domain.fulfilment import Fulfilment
from logistics_service.domain.parcel import PackedLine, Parcel, ParcelState
from logistics_service.domain.reservation import Reservation
from logistics_service.domain.viewer import Viewer
from logistics_service.store import reservations as claims
from logistics_service.store.tables import fulfilments, orders, parcel_lines, parcels, reservations


def add(connection: Connection, fulfilment: Fulfilment) -> None:
    """Keep a new fulfilment, and let its reservations belong to it."""
    row = {
        "id": fulfilment.id,
        "order_id": fulfilment.order_id,
        "merchant_id": fulfilment.merchant_id,
        "warehouse_id": fulfilment.warehouse_id,
        "status": fulfilment.status,
    }
    connection.execute(insert(fulfilments), row)
    claims.save(connection, fulfilment.lines)


def lock(connection: Connection, shipment_id: str, viewer: Viewer | None = None) -> Fulfilment:
    """The fulfilment of this id, or of the parcel of this id, locked until the transaction ends.

    Raises:
        ShipmentNotFound: there is neither, or it is not the viewer's.
    """
    found = _loaded(connection, _LOCKED, shipment_id, viewer)
    if not found:
        raise ShipmentNotFound(shipment_id)
    return found[0]


def lock_of_order(connection: Connection, order_id: str) -> list[Fulfilment]:
    """The order's fulfilments, locked in the order of their ids."""
    return _loaded(connection, _OF_ORDER_LOCKED, order_id)


def get(connection: Connection, shipment_id: str, viewer: Viewer | None = None) -> Fulfilment:
    """The fulfilment of this id, or of the parcel of this id.

    Raises:
        ShipmentNotFound: there is neither, or it is not the viewer's.
    """
    found = _loaded(connection, _ONE, shipment_id, viewer)
    if not found:
        raise ShipmentNotFound(shipment_id)
    return found[0]


def of_order(
    connection: Connection, order_id: str, viewer: Viewer | None = None
) -> list[Fulfilment]:
    """The order's fulfilments, as far as they are the viewer's."""
    return _loaded(connection, _OF_ORDER, order_id, viewer)


def chosen(connection: Connection, ids: Select[Any], *, at_most: int) -> list[Fulfilment]:
    """The fulfilments whose ids the query gives, by id."""
    query = _select().where(_F.id.in_(ids)).limit(at_most)
    return _with_parts(connection, connection.execute(query).all())


def with_waybill(connection: Connection, waybill: str, viewer: Viewer) -> list[Parcel]:
    """The viewer's parcels with this waybill; several only if several carriers gave it."""
    query, whose = _seen_by(viewer, _WITH_WAYBILL)
    ids = connection.execute(query, {"of_waybill": waybill, **whose}).scalars().all()
    return [get(connection, parcel_id).parcel(parcel_id) for parcel_id in ids]


def parcel_of(connection: Connection, carrier: str, waybill: str) -> str:
    """The id of the parcel with this carrier's waybill.

    Raises:
        WaybillNotFound: there is none (yet).
    """
    named = {"of_carrier": carrier, "of_waybill": waybill}
    parcel_id: str | None = connection.execute(_NAMED, named).scalar_one_or_none()
    if parcel_id is None:
        raise WaybillNotFound(waybill)
    return parcel_id


def is_taken(connection: Connection, parcel: Parcel) -> bool:
    """Whether another parcel has the carrier and waybill of this one."""
    named = {"of_carrier": parcel.carrier, "of_waybill": parcel.waybill}
    return any(taken != parcel.id for taken in connection.execute(_NAMED, named).scalars())


def all_with_status(connection: Connection) -> Iterator[tuple[Fulfilment, str]]:
    """Every fulfilment, with the status that is written beside it."""
    last = ""
    while rows := connection.execute(_select().where(_F.id > last).limit(_PAGE)).all():
        yield from zip(_with_parts(connection, rows), (row.status for row in rows), strict=True)
        last = rows[-1].id


def save(connection: Connection, before: Fulfilment, after: Fulfilment) -> None:
    """Write what changed between the two."""
    values = {"on_hold": after.on_hold, "status": after.status}
    connection.execute(_UPDATE, {"of_id": after.id, **values})
    old_lines = {line.line_id: line for line in before.lines}
    changed = (line for line in after.lines if line != old_lines[line.line_id])
    claims.save(connection, changed)
    old_parcels = {parcel.id: parcel for parcel in before.parcels}
    for parcel in after.parcels:
        if parcel.id not in old_parcels:
            _add_parcel(connection, parcel)
        elif parcel != old_parcels[parcel.id]:
            _save_parcel(connection, parcel)


_F = fulfilments.c
_PAGE: Final = 500


def _select() -> Select[Any]:
    return select(fulfilments).order_by(fulfilments.c.id)


# Built once: building a statement costs five times as much as executing it. Those of fulfilments
# take what they are about as ``about``; an update sets the columns that its parameters name.
_OF_PARCEL: Final = select(parcels.c.fulfilment_id).where(parcels.c.id == bindparam("about"))
_ONE: Final = _select().where(
    or_(_F.id == bindparam("about"), _F.id == _OF_PARCEL.scalar_subquery())
)
_LOCKED: Final = _ONE.with_for_update()
_WITH_WAYBILL: Final = (
    select(parcels.c.id)
    .join_from(parcels, fulfilments, parcels.c.fulfilment_id == _F.id)
    .where(parcels.c.waybill == bindparam("of_waybill"))
    .order_by(parcels.c.id)
)
_OF_ORDER: Final = _select().where(_F.order_id == bindparam("about"))
_OF_ORDER_LOCKED: Final = _OF_ORDER.with_for_update()
_LINES: Final = (
    select(reservations)
    .where(reservations.c.fulfilment_id.in_(bindparam("ids", expanding=True)))
    .order_by(reservations.c.line_id)
)
_PARCELS: Final = (
    select(parcels)
    .where(parcels.c.fulfilment_id.in_(bindparam("ids", expanding=True)))
    .order_by(parcels.c.id)
)
_INSIDE: Final = (
    select(parcel_lines)
    .where(parcel_lines.c.parcel_id.in_(bindparam("ids", expanding=True)))
    .order_by(parcel_lines.c.line_id)
)
_NAMED: Final = select(parcels.c.id).where(
    parcels.c.carrier == bindparam("of_carrier"), parcels.c.waybill == bindparam("of_waybill")
)
_UPDATE: Final = update(fulfilments).where(_F.id == bindparam("of_id"))
_UPDATE_PARCEL: Final = update(parcels).where(parcels.c.id == bindparam("of_id"))


def _add_parcel(connection: Connection, parcel: Parcel) -> None:
    values = {
        "id": parcel.id,
        "fulfilment_id": parcel.fulfilment_id,
        "order_id": parcel.order_id,
        "pick_up_code": parcel.pick_up_code,
        **_how_far(parcel),
    }
    connection.execute(insert(parcels), values)
    rows = [
        {
            "parcel_id": parcel.id,
            "line_id": line.line_id,
            "sku_id": line.sku_id,
            "quantity": line.quantity,
            "first_unit": line.first_unit,
        }
        for line in parcel.lines
    ]
    connection.execute(insert(parcel_lines), rows)


def _save_parcel(connection: Connection, parcel: Parcel) -> None:
    try:
        connection.execute(_UPDATE_PARCEL, {"of_id": parcel.id, **_how_far(parcel)})
    except IntegrityError as error:  # somebody else's transaction took the waybill just now
        raise WaybillTaken(parcel.carrier or "", parcel.waybill or "") from error


def _how_far(parcel: Parcel) -> dict[str, Any]:
    return {
        "state": parcel.state,
        "state_at": parcel.state_at,
        "carrier": parcel.carrier,
        "waybill": parcel.waybill,
    }


def _loaded(
    connection: Connection, query: Select[Any], about: str, viewer: Viewer | None = None
) -> list[Fulfilment]:
    query, whose = _seen_by(viewer, query)
    return _with_parts(connection, connection.execute(query, {"about": about, **whose}).all())


def _seen_by(viewer: Viewer | None, query: Select[Any]) -> tuple[Select[Any], dict[str, Any]]:
    """The query for what is the viewer's: what is not costs what a missing one does."""
    if viewer is None:
        return query, {}
    is_seller = viewer.merchant_id is not None
    whose = viewer.merchant_id if is_seller else viewer.account_id
    return _narrowed(query, is_seller=is_seller), {"whose": whose}


@cache
def _narrowed(query: Select[Any], *, is_seller: bool) -> Select[Any]:
    if is_seller:
        return query.where(_F.merchant_id == bindparam("whose"))
    bought = select(orders.c.id).where(orders.c.account_id == bindparam("whose"))
    return query.where(_F.order_id.in_(bought))


def _with_parts(connection: Connection, rows: Sequence[Row[Any]]) -> list[Fulfilment]:
    ids = [row.id for row in rows]
    lines: dict[str, list[Reservation]] = defaultdict(list)
    for line in connection.execute(_LINES, {"ids": ids}):
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
    rows = connection.execute(_PARCELS, {"ids": fulfilment_ids}).all()
    lines: dict[str, list[Row[Any]]] = defaultdict(list)
    if rows:
        for line in connection.execute(_INSIDE, {"ids": [row.id for row in rows]}):
            lines[line.parcel_id].append(line)
    return [_parcel(row, lines[row.id]) for row in rows]


def _parcel(row: Row[Any], lines: Iterable[Row[Any]]) -> Parcel:
    return Parcel(
        id=row.id,
        fulfilment_id=row.fulfilment_id,
        order_id=row.order_id,
        lines=tuple(
            PackedLine(
                line_id=line.line_id,
                sku_id=line.sku_id,
                quantity=line.quantity,
                first_unit=line.first_unit,
            )
            for line in lines
        ),
        state=ParcelState(row.state),
        state_at=row.state_at,
        carrier=row.carrier,
        waybill=row.waybill,
        pick_up_code=row.pick_up_code,
    )
