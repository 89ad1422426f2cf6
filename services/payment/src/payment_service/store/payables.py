"""Payables: one row an order, made by whichever fact comes first, and the lock of its money."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select, update

from payment_service.domain.payable import Payable
from payment_service.store.tables import payables
from shop_events.sql import insert_on
from shop_events.values import Money


def lock(connection: Connection, order_id: str) -> Payable:
    """What is known of the order's money, locked until this transaction ends; made if new."""
    new = insert_on(connection, payables).values(order_id=order_id)
    connection.execute(new.on_conflict_do_nothing())
    query = select(payables).where(payables.c.order_id == order_id).with_for_update()
    return _payable(connection.execute(query).one())


def find_locked(connection: Connection, order_id: str) -> Payable | None:
    """As `lock`, but an order nobody told of leaves no row."""
    query = select(payables).where(payables.c.order_id == order_id).with_for_update()
    row = connection.execute(query).first()
    return None if row is None else _payable(row)


def find(connection: Connection, order_id: str) -> Payable | None:
    """What is known of the order's money, if anything."""
    query = select(payables).where(payables.c.order_id == order_id)
    row = connection.execute(query).first()
    return None if row is None else _payable(row)


def save(connection: Connection, payable: Payable) -> None:
    """Write what is known now."""
    amount = payable.amount
    connection.execute(
        update(payables)
        .where(payables.c.order_id == payable.order_id)
        .values(
            account_id=payable.account_id,
            amount=None if amount is None else amount.minor,
            currency=None if amount is None else amount.currency,
            method=payable.method,
            pay_by=payable.pay_by,
            paid=payable.paid,
            confirmed=payable.confirmed,
            on_delivery=payable.on_delivery,
            cancelled=payable.cancelled,
        )
    )


def _payable(row: Row[Any]) -> Payable:
    return Payable(
        order_id=row.order_id,
        account_id=row.account_id,
        amount=None if row.amount is None else Money(row.amount, row.currency),
        method=row.method,
        pay_by=row.pay_by,
        paid=row.paid,
        confirmed=row.confirmed,
        on_delivery=row.on_delivery,
        cancelled=row.cancelled,
    )
