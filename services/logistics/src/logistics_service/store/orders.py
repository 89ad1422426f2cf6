"""What order told of its orders: a row begins with whichever event comes first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from logistics_service.domain.order import Destination, Order, OrderedLine, Terms
from logistics_service.domain.parcel import PackedLine
from logistics_service.store.tables import order_lines, orders
from shop_events.sql import insert_on
from shop_events.values import Money


def lock(connection: Connection, order_id: str) -> Order:
    """The order as told so far, locked until this transaction ends; begun if it is new."""
    begin = insert_on(connection, orders).values(id=order_id).on_conflict_do_nothing()
    connection.execute(begin)
    row = connection.execute(select(orders).where(orders.c.id == order_id).with_for_update()).one()
    return _order(row, _lines(connection, order_id))


def get(connection: Connection, order_id: str) -> Order | None:
    """The order as told so far."""
    row = connection.execute(select(orders).where(orders.c.id == order_id)).first()
    return None if row is None else _order(row, _lines(connection, order_id))


def save(connection: Connection, before: Order, after: Order) -> None:
    """Write what changed between the two; lines are told once and never change afterwards."""
    if after.lines and not before.lines:
        rows = [_line_row(after.id, place, line) for place, line in enumerate(after.lines)]
        connection.execute(insert(order_lines), rows)
    connection.execute(update(orders).where(orders.c.id == after.id).values(**_told(after)))


def save_numbers(connection: Connection, before: Order, after: Order) -> None:
    """Write how many units of each line are numbered."""
    for old, line in zip(before.lines, after.lines, strict=True):
        if old != line:
            ours = (order_lines.c.order_id == after.id) & (order_lines.c.line_id == line.line_id)
            connection.execute(update(order_lines).where(ours).values(numbered=line.numbered))


def number_off(connection: Connection, order_id: str, lines: Iterable[PackedLine]) -> None:
    """Nobody will pay for these units at the door."""
    order = get(connection, order_id)
    if order is None:
        return
    numbered, _ = order.number_units((line.line_id, line.quantity) for line in lines)
    save_numbers(connection, order, numbered)


def _told(order: Order) -> dict[str, Any]:
    terms, destination = order.terms, order.destination
    return {
        "account_id": order.account_id,
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
    query = select(order_lines).where(order_lines.c.order_id == order_id)
    return connection.execute(query.order_by(order_lines.c.position)).all()


def _order(row: Row[Any], lines: Sequence[Row[Any]]) -> Order:
    return Order(
        id=row.id,
        account_id=row.account_id,
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
    )


def _line(row: Row[Any]) -> OrderedLine:
    return OrderedLine(
        line_id=row.line_id,
        sku_id=row.sku_id,
        merchant_id=row.merchant_id,
        quantity=row.quantity,
        unit_price=Money(row.unit_price, row.currency),
        payable=Money(row.payable, row.currency),
        numbered=row.numbered,
    )
