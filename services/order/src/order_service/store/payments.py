"""Captured money, as payment told of it. The order's row is locked already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row

from order_service.domain.payment import Payment
from order_service.store import parts
from order_service.store.tables import order_payments
from shop_events.sql import insert_once
from shop_events.values import Money


def add(connection: Connection, order_id: str, payment: Payment) -> bool:
    """Remember captured money; False when this payment is known already."""
    values = {
        "payment_id": payment.id,
        "order_id": order_id,
        "amount": payment.amount.minor,
        "currency": payment.amount.currency,
        "expected": payment.expected,
    }
    return insert_once(connection, order_payments, values)


def of_orders(connection: Connection, order_ids: Sequence[str]) -> dict[str, list[Payment]]:
    """The money that arrived for each order."""
    rows = parts.of_orders(connection, order_payments, order_ids)
    return {order_id: [_payment(row) for row in rows[order_id]] for order_id in order_ids}


def _payment(row: Row[Any]) -> Payment:
    amount = Money(row.amount, row.currency)
    return Payment(id=row.payment_id, amount=amount, expected=row.expected)
