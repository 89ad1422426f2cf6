"""What order told of its orders: a row begins with whichever event comes first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from logistics_service.domain.order import Destination, Order, OrderedLine, Terms
from logistics_service.domain.way import Way, way_of
from logistics_service.store.tables import order_lines, orders
from shop_events.sql import insert_once
from shop_events.values import Money


def lock(connection: Connection, order_id: str) -> Order:
    """The order as told so far, locked until this transaction ends; begun if it is new."""
    insert_once(connection, orders, {"id": order_id})
    row = connection.execute(_LOCKED, {"of_order": order_id}).one()
    return _order(row, _lines(connection, order_id))


def get(connection: Connection, order_id: str) -> Order | None:
    """The order as told so far."""
    row = connection.execute(_ONE, {"of_order": order_id}).first()
    return None if row is None else _order(row, _lines(connection, order_id))


def way(connection: Connection, order_id: str) -> Way:
    """Who brings the order's goods to the buyer."""
    return way_of(connection.execute(_METHOD, {"of_order": order_id}).scalar_one_or_none())


def of_account(connection: Connection, account_id: str) -> list[str]:
    """The ids of an account's orders."""
    query = select(orders.c.id).where(orders.c.account_id == account_id).order_by(orders.c.id)
    return list(connection.execute(query).scalars())


def save(connection: Connection, before: Order, after: Order) -> None:
    """Write what changed between the two; lines are told once and never change afterwards."""
    if after.lines and not before.lines:
        rows = [_line_row(after.id, place, line) for place, line in enumerate(after.lines)]
        connection.execute(insert(order_lines), rows)
    connection.execute(_UPDATE, {"of_order": after.id, **_told(after)})


def _told(order: Order) -> dict[str, Any]:
    terms, destination = order.terms, order.destination
    return {
        "account_id": order.account_id,
        "number": order.number,
        "delivery_method": order.delivery_method,
        "placed": order.placed,
        "confirmed": order.confirmed,
        "cancelled": order.cancelled,
        "asked": json.dumps(sorted(order.asked)),
        "on_delivery": terms and terms.on_delivery,
        "currency": terms and terms.shipping.currency,
        "shipping": terms and terms.shipping.minor,
        "recipient": destination and destination.recipient,
        "phone": destination and destination.phone,
        "address": destination and destination.address,
        "forgotten": order.forgotten,
    }


def _line_row(order_id: str, position: int, line: OrderedLine) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "line_id": line.line_id,
        "position": position,
        "sku_id": line.sku_id,
        "merchant_id": line.merchant_id,
        "quantity": line.quantity,
        "currency": line.payable.currency,
        "unit_price": line.unit_price.minor,
        "payable": line.payable.minor,
    }


def _lines(connection: Connection, order_id: str) -> Sequence[Row[Any]]:
    return connection.execute(_LINES, {"of_order": order_id}).all()


# Built once: building a statement costs five times as much as executing it. The update sets the
# columns that are named in its parameters.
_ONE: Final = select(orders).where(orders.c.id == bindparam("of_order"))
_METHOD: Final = select(orders.c.delivery_method).where(orders.c.id == bindparam("of_order"))
_LOCKED: Final = _ONE.with_for_update()
_UPDATE: Final = update(orders).where(orders.c.id == bindparam("of_order"))
_LINES: Final = (
    select(order_lines)
    .where(order_lines.c.order_id == bindparam("of_order"))
    .order_by(order_lines.c.position)
)


def _order(row: Row[Any], lines: Sequence[Row[Any]]) -> Order:
    return Order(
        id=row.id,
        account_id=row.account_id,
        number=row.number,
        delivery_method=row.delivery_method,
        placed=row.placed,
        confirmed=row.confirmed,
        cancelled=row.cancelled,
        asked=frozenset(json.loads(row.asked)),
        lines=tuple(_line(line) for line in lines),
        terms=None
        if row.shipping is None
        else Terms(on_delivery=row.on_delivery, shipping=Money(row.shipping, row.currency)),
        destination=None
        if row.recipient is None
        else Destination(recipient=row.recipient, phone=row.phone, address=row.address),
        forgotten=row.forgotten,
    )


def _line(row: Row[Any]) -> OrderedLine:
    return OrderedLine(
        line_id=row.line_id,
        sku_id=row.sku_id,
        merchant_id=row.merchant_id,
        quantity=row.quantity,
        unit_price=Money(row.unit_price, row.currency),
        payable=Money(row.payable, row.currency),
    )
