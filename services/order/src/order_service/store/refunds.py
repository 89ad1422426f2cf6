"""Refunds: one for each cause. The order's row is locked already."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, update

from order_service.domain.refund import Refund, RefundState
from order_service.store import parts
from order_service.store.tables import order_refunds
from shop_events.sql import insert_once
from shop_events.values import Money


def add(connection: Connection, order_id: str, refund: Refund) -> bool:
    """Remember the refund; False when it, or its cause, is known already."""
    values = {
        "refund_id": refund.id,
        "order_id": order_id,
        "cause": refund.cause,
        "amount": refund.amount.minor,
        "state": refund.state,
        "ours": refund.ours,
    }
    return insert_once(connection, order_refunds, values)


def settle(connection: Connection, refund_id: str, went_back: Money) -> None:
    """So much of it came through, for good."""
    connection.execute(
        update(order_refunds)
        .where(order_refunds.c.refund_id == refund_id, order_refunds.c.state != RefundState.DONE)
        .values(state=RefundState.DONE, went_back=went_back.minor)
    )


def fail(connection: Connection, refund_id: str) -> None:
    """It did not come through. What did never fails afterwards."""
    connection.execute(
        update(order_refunds)
        .where(order_refunds.c.refund_id == refund_id, order_refunds.c.state != RefundState.DONE)
        .values(state=RefundState.FAILED)
    )


def of_orders(connection: Connection, currencies: dict[str, str]) -> dict[str, list[Refund]]:
    """Each order's refunds; ``currencies`` by order id."""
    rows = parts.of_orders(connection, order_refunds, list(currencies))
    return {
        order_id: [_refund(row, currency) for row in rows[order_id]]
        for order_id, currency in currencies.items()
    }


def _refund(row: Row[Any], currency: str) -> Refund:
    return Refund(
        id=row.refund_id,
        cause=row.cause,
        amount=Money(row.amount, currency),
        state=RefundState(row.state),
        ours=row.ours,
        went_back=None if row.went_back is None else Money(row.went_back, currency),
    )
