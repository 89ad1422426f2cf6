"""What became of the money for each line of an order. The order's payable is locked already."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from payment_service.domain.refund import Share
from payment_service.domain.settlement import LineMoney
from payment_service.store.tables import line_money
from shop_events.sql import insert_on
from shop_events.values import Money

SHIPPING = ""  # stands for a line id where there is none: a key column cannot be empty


def of_share(connection: Connection, order_id: str, share: Share) -> LineMoney:
    """What is known of the line (or shipping) a share is of; untouched when nothing is."""
    row = connection.execute(
        select(line_money).where(
            line_money.c.order_id == order_id,
            line_money.c.merchant_id == share.merchant_id,
            line_money.c.line_id == (share.line_id or SHIPPING),
        )
    ).first()
    if row is None:
        return LineMoney.untouched(share.merchant_id, share.line_id, share.amount.currency)
    return _line(row)


def of_order(connection: Connection, order_id: str) -> list[LineMoney]:
    """Every line of the order that something is known of."""
    query = select(line_money).where(line_money.c.order_id == order_id)
    return [_line(row) for row in connection.execute(query)]


def save(connection: Connection, order_id: str, line: LineMoney) -> None:
    """Write what is known now."""
    changing = {
        "paid": None if line.paid is None else line.paid.minor,
        "settled": line.settled.minor,
        "commission": line.commission.minor,
        "refunded": line.refunded.minor,
    }
    upsert = insert_on(connection, line_money).values(
        order_id=order_id,
        merchant_id=line.merchant_id,
        line_id=line.line_id or SHIPPING,
        currency=line.settled.currency,
        **changing,
    )
    keys = ["order_id", "merchant_id", "line_id"]
    connection.execute(upsert.on_conflict_do_update(index_elements=keys, set_=changing))


def _line(row: Row[Any]) -> LineMoney:
    return LineMoney(
        merchant_id=row.merchant_id,
        line_id=row.line_id or None,
        paid=None if row.paid is None else Money(row.paid, row.currency),
        settled=Money(row.settled, row.currency),
        commission=Money(row.commission, row.currency),
        refunded=Money(row.refunded, row.currency),
    )
