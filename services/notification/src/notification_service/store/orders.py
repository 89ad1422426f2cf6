"""Whose orders are, as order said; each row is also the lock of what waits for that word."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select, update

from notification_service.domain.order import Order
from notification_service.store.tables import orders
from shop_events.sql import insert_once


def lock(connection: Connection, order_id: str) -> Order:
    """The order, locked until this transaction ends; of an unknown one there is the id alone."""
    insert_once(connection, orders, {"order_id": order_id})
    query = select(orders).where(orders.c.order_id == order_id).with_for_update()
    row = connection.execute(query).one()
    return Order(order_id=row.order_id, account_id=row.account_id, number=row.number)


def save(connection: Connection, order: Order) -> None:
    """Write whose order it is. That never changes once it is said."""
    connection.execute(
        update(orders)
        .where(orders.c.order_id == order.order_id)
        .values(account_id=order.account_id, number=order.number)
    )


def numbers(connection: Connection, order_ids: Iterable[str | None]) -> dict[str, str]:
    """The numbers of these orders, by id; without those nobody told us."""
    wanted = {one for one in order_ids if one is not None}
    query = select(orders).where(orders.c.order_id.in_(wanted), orders.c.number.is_not(None))
    return {row.order_id: row.number for row in connection.execute(query)} if wanted else {}
