"""Reservations, keyed by order and line, so that a line is reserved once whatever is told twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from logistics_service.domain.reservation import Reservation, ReservationState
from logistics_service.store.tables import reservations


def add(connection: Connection, made: Iterable[Reservation]) -> None:
    """Keep new reservations."""
    connection.execute(insert(reservations), [_row(one) for one in made])


def of_order(connection: Connection, order_id: str) -> list[Reservation]:
    """The order's reservations; its row is locked by whoever asks."""
    rows = connection.execute(_OF_ORDER, {"of_order": order_id})
    return [reservation(row) for row in rows]


def save(connection: Connection, changed: Iterable[Reservation]) -> None:
    """Write what became of them."""
    for one in changed:
        values = {
            "state": one.state,
            "consumed": one.consumed,
            "released": one.released,
            "fulfilment_id": one.fulfilment_id,
        }
        key = {"of_order": one.order_id, "of_line": one.line_id}
        connection.execute(_UPDATE, {**key, **values})


def reservation(row: Row[Any]) -> Reservation:
    """A row as a domain object."""
    return Reservation(
        order_id=row.order_id,
        line_id=row.line_id,
        sku_id=row.sku_id,
        warehouse_id=row.warehouse_id,
        merchant_id=row.merchant_id,
        quantity=row.quantity,
        state=ReservationState(row.state),
        consumed=row.consumed,
        released=row.released,
        fulfilment_id=row.fulfilment_id,
    )


_OF_ORDER: Final = (
    select(reservations)
    .where(reservations.c.order_id == bindparam("of_order"))
    .order_by(reservations.c.line_id)
)
_UPDATE: Final = update(reservations).where(
    reservations.c.order_id == bindparam("of_order"),
    reservations.c.line_id == bindparam("of_line"),
)


def _row(one: Reservation) -> dict[str, Any]:
    return {
        "order_id": one.order_id,
        "line_id": one.line_id,
        "sku_id": one.sku_id,
        "warehouse_id": one.warehouse_id,
        "merchant_id": one.merchant_id,
        "quantity": one.quantity,
        "state": one.state,
    }
