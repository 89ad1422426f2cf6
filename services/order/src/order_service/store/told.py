"""What other services told about an order: payments, fulfilments, parcels, refunds.

Each has its own id as its key, so that a message which outlived the inbox changes nothing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Table, func, insert, select, update

from order_service.domain.status import RANK, Parcel, ParcelState
from order_service.store import texts
from order_service.store.tables import (
    order_fulfilments,
    order_parcels,
    order_payments,
    order_refunds,
    order_refusals,
)
from shop_events.sql import insert_once
from shop_events.values import Money


def add_payment(
    connection: Connection, payment_id: str, order_id: str, amount: Money, *, expected: bool
) -> bool:
    """Remember captured money; False when this payment was known already."""
    values = {
        "payment_id": payment_id,
        "order_id": order_id,
        "amount": amount.minor,
        "expected": expected,
    }
    return _once(connection, order_payments, values)


def add_fulfilment(
    connection: Connection, fulfilment_id: str, order_id: str, merchant_id: str
) -> None:
    """Logistics works on it."""
    values = {
        "fulfilment_id": fulfilment_id,
        "order_id": order_id,
        "merchant_id": merchant_id,
    }
    _once(connection, order_fulfilments, values)


def is_preparing(connection: Connection, order_id: str) -> bool:
    """Whether logistics has begun to work on the order."""
    query = select(func.count()).where(order_fulfilments.c.order_id == order_id)
    return bool(connection.execute(query).scalar_one())


def parcel(connection: Connection, parcel_id: str) -> Parcel | None:
    """The parcel, locked until this transaction ends; None before anything was told of it."""
    query = select(order_parcels).where(order_parcels.c.parcel_id == parcel_id).with_for_update()
    row = connection.execute(query).first()
    return None if row is None else _parcel(row)


def parcels_of(connection: Connection, order_id: str) -> list[Parcel]:
    """The order's parcels, the oldest first."""
    query = select(order_parcels).where(order_parcels.c.order_id == order_id)
    rows = connection.execute(query.order_by(order_parcels.c.parcel_id)).all()
    return [_parcel(row) for row in rows]


def put_parcel(connection: Connection, order_id: str, told: Parcel) -> bool:
    """Remember the parcel as told, unless it is further already; False when nothing changed.

    What an earlier message leaves open (carrier, waybill) is filled in by whichever has it.
    """
    known = parcel(connection, told.id)
    values = {
        "order_id": order_id,
        "fulfilment_id": told.fulfilment_id or (known.fulfilment_id if known else ""),
        "state": told.state,
        "units": texts.from_units(told.units),
        "carrier": told.carrier or (known.carrier if known else None),
        "waybill": told.waybill or (known.waybill if known else None),
    }
    if known is None:
        connection.execute(insert(order_parcels).values(parcel_id=told.id, **values))
        return True
    further = RANK[told.state] > RANK[known.state]
    values["state"] = told.state if further else known.state
    ours = order_parcels.c.parcel_id == told.id
    connection.execute(update(order_parcels).where(ours).values(values))
    return further


def add_refund(
    connection: Connection, refund_id: str, order_id: str, *, cause: str, amount: Money
) -> bool:
    """Remember that a refund was asked for; False when its cause had one already."""
    values = {
        "refund_id": refund_id,
        "order_id": order_id,
        "cause": cause,
        "amount": amount.minor,
        "state": "requested",
    }
    return _once(connection, order_refunds, values)


def add_refusal(connection: Connection, order_id: str, *, cause: str) -> bool:
    """Remember that logistics said no; False when it had said so already."""
    return _once(connection, order_refusals, {"cause": cause, "order_id": order_id})


def settle_refund(connection: Connection, refund_id: str, *, done: bool) -> bool:
    """The refund came through, or failed; False when it is none of ours."""
    changed = connection.execute(
        update(order_refunds)
        .where(order_refunds.c.refund_id == refund_id, order_refunds.c.state != "done")
        .values(state="done" if done else "failed")
    )
    return changed.rowcount > 0


def open_refunds(connection: Connection, order_id: str) -> int:
    """How many of the order's refunds have not come through."""
    query = select(func.count()).where(
        order_refunds.c.order_id == order_id, order_refunds.c.state != "done"
    )
    return int(connection.execute(query).scalar_one())


def refunded(connection: Connection, order_id: str, currency: str) -> Money:
    """What came through of the order's refunds."""
    query = select(func.coalesce(func.sum(order_refunds.c.amount), 0)).where(
        order_refunds.c.order_id == order_id, order_refunds.c.state == "done"
    )
    return Money(int(connection.execute(query).scalar_one()), currency)


def order_of_parcel(connection: Connection, parcel_id: str) -> str | None:
    """Which order the parcel belongs to."""
    query = select(order_parcels.c.order_id).where(order_parcels.c.parcel_id == parcel_id)
    return connection.execute(query).scalar_one_or_none()


def _once(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Insert, unless its key is there; whether it was inserted."""
    return insert_once(connection, table, values)


def _parcel(row: Row[Any]) -> Parcel:
    return Parcel(
        id=row.parcel_id,
        fulfilment_id=row.fulfilment_id,
        state=ParcelState(row.state),
        units=texts.to_units(row.units),
        carrier=row.carrier,
        waybill=row.waybill,
    )
