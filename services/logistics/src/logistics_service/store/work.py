"""A merchant's heaps of work: which shipments lie where, and what a scanned code belongs to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from logistics_service.domain.fulfilment import Fulfilment, Status
from logistics_service.domain.work import Wanted
from logistics_service.store import fulfilments as stored
from logistics_service.store.tables import fulfilments, orders, parcels, reservations


def page(
    connection: Connection, wanted: Wanted, *, after: str | None, at_most: int
) -> list[Fulfilment]:
    """Such shipments, the oldest first, from ``after`` on."""
    ids = _ids(wanted)
    if after is not None:
        ids = ids.where(fulfilments.c.id > after)
    ids = ids.order_by(fulfilments.c.id).limit(at_most)
    return stored.chosen(connection, ids, at_most=at_most)


def counts(connection: Connection, merchant_id: str) -> dict[str, int]:
    """How many shipments lie in each of the merchant's heaps."""
    status = fulfilments.c.status
    query = select(status, func.count()).where(fulfilments.c.merchant_id == merchant_id)
    found = {row[0]: int(row[1]) for row in connection.execute(query.group_by(status))}
    return {heap.value: found.get(heap.value, 0) for heap in Status}


def scanned(connection: Connection, merchant_id: str, code: str) -> list[Fulfilment]:
    """The merchant's shipments that the code is on: an id, a waybill, or an order's number."""
    of_parcel = select(parcels.c.fulfilment_id)
    of_order = select(orders.c.id).where(orders.c.number == code)
    ids = select(fulfilments.c.id).where(
        fulfilments.c.merchant_id == merchant_id,
        or_(
            fulfilments.c.id == code,
            fulfilments.c.id.in_(of_parcel.where(parcels.c.waybill == code)),
            fulfilments.c.id.in_(of_parcel.where(parcels.c.id == code)),
            fulfilments.c.order_id.in_(of_order),
        ),
    )
    return stored.chosen(connection, ids, at_most=2)


def _ids(wanted: Wanted) -> Select[Any]:
    ids = select(fulfilments.c.id).where(fulfilments.c.merchant_id == wanted.merchant_id)
    if wanted.status is not None:
        ids = ids.where(fulfilments.c.status == wanted.status)
    if wanted.carrier is not None:
        carried = select(parcels.c.fulfilment_id).where(parcels.c.carrier == wanted.carrier)
        ids = ids.where(fulfilments.c.id.in_(carried))
    if wanted.word is not None:
        ids = ids.where(_has(wanted.word))
    return ids


def _has(word: str) -> Any:
    of_order = select(orders.c.id).where(orders.c.number == word)
    of_parcel = select(parcels.c.fulfilment_id).where(parcels.c.waybill == word)
    of_line = select(reservations.c.fulfilment_id).where(reservations.c.sku_id == word)
    return or_(
        fulfilments.c.order_id.in_(of_order),
        fulfilments.c.id.in_(of_parcel),
        fulfilments.c.id.in_(of_line),
    )
