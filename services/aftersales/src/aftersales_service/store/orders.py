"""Orders as they were told, in any order and any number of times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from aftersales_service.domain.order import End, Line, Order
from aftersales_service.store import parcels
from aftersales_service.store.tables import order_lines, orders
from shop_events.sql import insert_once
from shop_events.values import Money


def begin(connection: Connection, order_id: str, *, account_id: str | None = None) -> None:
    """Lock the order until this transaction ends; begun if it is new. Learns whose it is."""
    row = {"id": order_id, "account_id": account_id, "confirmed": False}
    if not insert_once(connection, orders, row):
        connection.execute(_LOCK, {"of_order": order_id})
        if account_id is not None:
            connection.execute(_UPDATE, {"of_order": order_id, "account_id": account_id})


def confirm(connection: Connection, order_id: str, lines: Sequence[Line]) -> None:
    """Keep what was ordered; lines never change afterwards."""
    if connection.execute(_IS_CONFIRMED, {"of_order": order_id}).scalar_one():
        return
    rows = [_line_row(order_id, place, line) for place, line in enumerate(lines)]
    if rows:
        connection.execute(_ADD_LINES, rows)
    connection.execute(_UPDATE, {"of_order": order_id, "confirmed": True})


def end(connection: Connection, order_id: str, how: End) -> None:
    """The order is over."""
    connection.execute(_UPDATE, {"of_order": order_id, "end": how})


def find(connection: Connection, order_id: str, *, account_id: str) -> Order | None:
    """The confirmed order, if it is this account's."""
    row = connection.execute(_OF_OWNER, {"of_order": order_id, "of_account": account_id}).first()
    if row is None:
        return None
    lines = connection.execute(_LINES, {"of_order": order_id})
    return Order(
        id=row.id,
        lines=tuple(_line(line) for line in lines),
        parcels=parcels.of_order(connection, order_id),
        end=End(row.end) if row.end else None,
    )


def forget(connection: Connection, account_id: str) -> None:
    """Delete all orders of the account."""
    connection.execute(_FORGET, {"of_account": account_id})


def _line_row(order_id: str, position: int, line: Line) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "line_id": line.line_id,
        "position": position,
        "sku_id": line.sku_id,
        "merchant_id": line.merchant_id,
        "quantity": line.quantity,
        "unit_price": line.unit_price.minor,
        "payable": line.payable.minor,
        "currency": line.payable.currency,
    }


def _line(row: Row[Any]) -> Line:
    return Line(
        line_id=row.line_id,
        sku_id=row.sku_id,
        merchant_id=row.merchant_id,
        quantity=row.quantity,
        unit_price=Money(row.unit_price, row.currency),
        payable=Money(row.payable, row.currency),
    )


# Built once: building a statement costs five times as much as executing it. An update sets the
# columns that are named in its parameters.
_LOCK: Final = select(orders.c.id).where(orders.c.id == bindparam("of_order")).with_for_update()
_UPDATE: Final = update(orders).where(orders.c.id == bindparam("of_order"))
_IS_CONFIRMED: Final = select(orders.c.confirmed).where(orders.c.id == bindparam("of_order"))
_OF_OWNER: Final = select(orders).where(
    orders.c.id == bindparam("of_order"),
    orders.c.account_id == bindparam("of_account"),
    orders.c.confirmed,
)
_ADD_LINES: Final = insert(order_lines)
_LINES: Final = (
    select(order_lines)
    .where(order_lines.c.order_id == bindparam("of_order"))
    .order_by(order_lines.c.position)
)
_FORGET: Final = delete(orders).where(orders.c.account_id == bindparam("of_account"))
