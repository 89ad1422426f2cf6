"""Payables: one row an order, made by whichever fact comes first, and the lock of its money."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select, update

from payment_service.domain.payable import Payable
from payment_service.store.tables import payables
from shop_events.sql import insert_once
from shop_events.values import Money


def lock(connection: Connection, order_id: str) -> Payable:
    """What is known of the order's money, locked until this transaction ends; made if new."""
    insert_once(connection, payables, {"order_id": order_id})
    return _payable(connection.execute(_LOCKED, {"of_order": order_id}).one())


def find_locked(connection: Connection, order_id: str) -> Payable | None:
    """As `lock`, but an order nobody told of leaves no row."""
    row = connection.execute(_LOCKED, {"of_order": order_id}).first()
    return None if row is None else _payable(row)


def find(connection: Connection, order_id: str) -> Payable | None:
    """What is known of the order's money, if anything."""
    row = connection.execute(_ONE, {"of_order": order_id}).first()
    return None if row is None else _payable(row)


def save(connection: Connection, payable: Payable) -> None:
    """Write what is known now."""
    amount = payable.amount
    values = {
        "account_id": payable.account_id,
        "amount": None if amount is None else amount.minor,
        "currency": None if amount is None else amount.currency,
        "method": payable.method,
        "pay_by": payable.pay_by,
        "paid": payable.paid,
        "confirmed": payable.confirmed,
        "on_delivery": payable.on_delivery,
        "cancelled": payable.cancelled,
    }
    connection.execute(_UPDATE, {"of_order": payable.order_id, **values})


# Built once: building a statement costs five times as much as executing it. The update sets the
# columns that are named in its parameters.
_ONE: Final = select(payables).where(payables.c.order_id == bindparam("of_order"))
_LOCKED: Final = _ONE.with_for_update()
_UPDATE: Final = update(payables).where(payables.c.order_id == bindparam("of_order"))


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
