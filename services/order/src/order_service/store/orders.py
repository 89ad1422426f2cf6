"""Orders: put in once, read under a lock, written back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, exists, insert, select, update

from order_service.domain.catalogue import Goods
from order_service.domain.errors import OrderNotFound
from order_service.domain.line import Line
from order_service.domain.order import Freight, Order
from order_service.domain.quote import Destination
from order_service.domain.track import Track
from order_service.store import texts
from order_service.store.parts import of_orders
from order_service.store.tables import order_freights, order_lines, orders
from shop_events.values import Money


def add(
    connection: Connection, order: Order, *, destination: Destination, note: str | None
) -> None:
    """Keep a new order with its snapshot of prices, address and delivery method (O5)."""
    row = {
        "id": order.id,
        "number": order.number,
        "account_id": order.account_id,
        "track": order.track,
        "currency": order.currency,
        "total": order.total.minor,
        "payment_method": order.payment_method,
        "on_delivery": order.on_delivery,
        "delivery_method": order.delivery_method,
        "traceable": order.traceable,
        "promise_days": order.promise_days,
        "destination": texts.written(destination),
        "note": note,
        "placed_at": order.placed_at,
        "pay_by": order.pay_by,
    }
    connection.execute(insert(orders), row)
    connection.execute(insert(order_lines), [_line_row(order.id, line) for line in order.lines])
    connection.execute(
        insert(order_freights),
        [
            {
                "order_id": order.id,
                "merchant_id": freight.merchant_id,
                "amount": freight.amount.minor,
                "done": freight.done,
            }
            for freight in order.freights
        ],
    )


def lock(
    connection: Connection,
    order_id: str,
    *,
    account_id: str | None = None,
    merchant_id: str | None = None,
) -> Order:
    """The order, locked until this transaction ends (O9).

    With ``account_id``, if it is theirs; with ``merchant_id``, if goods of his are in it.

    Raises:
        OrderNotFound: there is none, or it is somebody else's.
    """
    if account_id is not None:
        return _one(connection, _BOUGHT_LOCKED, order_id, account_id)
    if merchant_id is not None:
        return _one(connection, _SOLD_LOCKED, order_id, merchant_id)
    return _one(connection, _LOCKED, order_id, None)


def get(connection: Connection, order_id: str, account_id: str) -> Order:
    """The order, if it is this account's.

    Raises:
        OrderNotFound: there is none, or it is somebody else's.
    """
    return _one(connection, _BOUGHT, order_id, account_id)


def get_sold(connection: Connection, order_id: str, merchant_id: str) -> Order:
    """The order, if goods of this merchant are in it.

    Raises:
        OrderNotFound: there is none, or nothing in it is this merchant's.
    """
    return _one(connection, _SOLD, order_id, merchant_id)


def track_of(connection: Connection, order_id: str) -> Track:
    """Where the order stands, and nothing else of it.

    Raises:
        OrderNotFound: there is none.
    """
    track = connection.execute(_TRACK, {"of_order": order_id}).scalar()
    if track is None:
        raise OrderNotFound(order_id)
    return Track(track)


def all_after(connection: Connection, order_id: str, *, at_most: int) -> list[Order]:
    """Everybody's orders whose ids come after ``order_id``, the oldest first."""
    query = select(orders).where(orders.c.id > order_id).order_by(orders.c.id).limit(at_most)
    return with_lines(connection, connection.execute(query).all())


def save(connection: Connection, before: Order, after: Order) -> None:
    """Write what changed between the two; everything else about an order is immutable (O6)."""
    changed = {
        name: getattr(after, name)
        for name in ("track", "cancel_reason", "receipt_extended_at")
        if getattr(before, name) != getattr(after, name)
    }
    if changed:
        connection.execute(_UPDATE, {"of_order": after.id, **changed})
    _save_lines(connection, before, after)
    _save_freights(connection, before, after)


def _save_lines(connection: Connection, before: Order, after: Order) -> None:
    changed = [
        {
            "of_order": after.id,
            "of_line": line.line_id,
            "cancelled": line.cancelled,
            "received": line.received,
            "answered": line.answered,
        }
        for old, line in zip(before.lines, after.lines, strict=True)
        if old != line
    ]
    if changed:
        connection.execute(_UPDATE_LINE, changed)


def _save_freights(connection: Connection, before: Order, after: Order) -> None:
    for old, freight in zip(before.freights, after.freights, strict=True):
        if old != freight:
            key = {"of_order": after.id, "of_merchant": freight.merchant_id}
            connection.execute(_UPDATE_FREIGHT, {**key, "done": freight.done})


# Built once: building a statement costs five times as much as executing it. An update sets the
# columns that are named in its parameters.
_TRACK: Final = select(orders.c.track).where(orders.c.id == bindparam("of_order"))
_UPDATE: Final = update(orders).where(orders.c.id == bindparam("of_order"))
_UPDATE_LINE: Final = update(order_lines).where(
    order_lines.c.order_id == bindparam("of_order"),
    order_lines.c.line_id == bindparam("of_line"),
)
_UPDATE_FREIGHT: Final = update(order_freights).where(
    order_freights.c.order_id == bindparam("of_order"),
    order_freights.c.merchant_id == bindparam("of_merchant"),
)


# Whose an order is, the database looks at: a foreign one costs what a missing one does.
_ONE: Final = select(orders).where(orders.c.id == bindparam("of_order"))
_BOUGHT: Final = _ONE.where(orders.c.account_id == bindparam("of_whom"))
_SOLD: Final = _ONE.where(
    exists().where(
        order_lines.c.order_id == orders.c.id, order_lines.c.merchant_id == bindparam("of_whom")
    )
)
_LOCKED: Final = _ONE.with_for_update()
_BOUGHT_LOCKED: Final = _BOUGHT.with_for_update()
_SOLD_LOCKED: Final = _SOLD.with_for_update()


def _line_row(order_id: str, line: Line) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "line_id": line.line_id,
        "sku_id": line.sku_id,
        "merchant_id": line.merchant_id,
        "name": line.name,
        "quantity": line.quantity,
        "unit_price": line.unit_price.minor,
        "discount_share": line.discount_share.minor,
        "goods": None if line.goods is None else texts.written(line.goods),
    }


def _one(connection: Connection, query: Select[Any], order_id: str, of_whom: str | None) -> Order:
    row = connection.execute(query, {"of_order": order_id, "of_whom": of_whom}).first()
    if row is None:
        raise OrderNotFound(order_id)
    return with_lines(connection, [row])[0]


def with_lines(connection: Connection, rows: Sequence[Row[Any]]) -> list[Order]:
    """The orders of these rows, in as many queries as for one."""
    ids = [row.id for row in rows]
    lines, freights = (
        of_orders(connection, order_lines, ids),
        of_orders(connection, order_freights, ids),
    )
    return [_order(row, lines[row.id], freights[row.id]) for row in rows]


def _order(row: Row[Any], lines: list[Row[Any]], freights: list[Row[Any]]) -> Order:
    return Order(
        id=row.id,
        number=row.number,
        account_id=row.account_id,
        track=Track(row.track),
        lines=tuple(
            _line(line, row.currency) for line in sorted(lines, key=lambda one: int(one.line_id))
        ),
        freights=tuple(
            Freight(
                merchant_id=freight.merchant_id,
                amount=Money(freight.amount, row.currency),
                done=freight.done,
            )
            for freight in sorted(freights, key=lambda one: str(one.merchant_id))
        ),
        currency=row.currency,
        payment_method=row.payment_method,
        on_delivery=row.on_delivery,
        placed_at=row.placed_at,
        pay_by=row.pay_by,
        cancel_reason=row.cancel_reason,
        delivery_method=row.delivery_method,
        traceable=row.traceable,
        promise_days=row.promise_days,
        receipt_extended_at=row.receipt_extended_at,
    )


def _line(row: Row[Any], currency: str) -> Line:
    return Line(
        line_id=row.line_id,
        sku_id=row.sku_id,
        merchant_id=row.merchant_id,
        name=row.name,
        quantity=row.quantity,
        unit_price=Money(row.unit_price, currency),
        discount_share=Money(row.discount_share, currency),
        goods=None if row.goods is None else texts.read(Goods, row.goods),
        cancelled=row.cancelled,
        received=row.received,
        answered=row.answered,
    )
