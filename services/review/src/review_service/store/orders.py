"""Orders and their lines as they were told, in any order and any number of times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Executable,
    Row,
    Select,
    bindparam,
    delete,
    or_,
    select,
    tuple_,
    update,
)

from review_service.domain.line import ReviewableLine
from review_service.store.tables import order_lines, orders, skus
from shop_events.sql import Upsert, insert_once, on_conflict

Ordered = tuple[str, str, str]  # line id, SKU, merchant


def lock(connection: Connection, order_id: str, *, account_id: str) -> bool:
    """Lock the order until this transaction ends, begun if it is new; whether it is open."""
    insert_once(connection, orders, {"id": order_id, "account_id": account_id, "closed": False})
    return not connection.execute(_LOCKED, {"of_order": order_id}).scalar_one()


def note_ordered(connection: Connection, order_id: str, lines: Iterable[Ordered]) -> None:
    """What was ordered. Lines never change afterwards."""
    rows = [
        {"order_id": order_id, "line_id": line_id, "sku_id": sku_id, "merchant_id": merchant_id}
        for line_id, sku_id, merchant_id in lines
    ]
    if rows:
        connection.execute(on_conflict(connection, order_lines, _what), rows)


def note_received(
    connection: Connection, order_id: str, line_ids: Iterable[str], *, received_at: datetime
) -> None:
    """Since when the buyer has these lines; the first time it is told counts."""
    rows = [
        {"order_id": order_id, "line_id": line_id, "received_at": received_at}
        for line_id in line_ids
    ]
    if rows:
        connection.execute(on_conflict(connection, order_lines, _since), rows)


def note_completed(connection: Connection, order_id: str, *, closes_at: datetime) -> bool:
    """When reviewing ends; the first time it is told counts. Whether this was it."""
    told = {"of_order": order_id, "closes_at": closes_at}
    return connection.execute(_COMPLETE, told).rowcount == 1


def close(connection: Connection, order_id: str) -> None:
    """Reviewing has ended: the lines go, and what is told of them later is not kept."""
    connection.execute(_CLOSE, {"of_order": order_id, "closed": True})
    connection.execute(_FORGET_LINES, {"of_order": order_id})


def forget(connection: Connection, account_id: str) -> None:
    """Delete all orders of the account."""
    connection.execute(_FORGET, {"of_account": account_id})


def reviewable(
    connection: Connection,
    account_id: str,
    *,
    now: datetime,
    after: tuple[str, str] | None,
    at_most: int,
) -> list[ReviewableLine]:
    """The account's received lines whose time is not over, those of the newest order first.

    ``after`` is order and line of the last one seen.
    """
    query = _REVIEWABLE
    if after is not None:
        query = query.where(tuple_(order_lines.c.order_id, order_lines.c.line_id) < tuple_(*after))
    asked = {"of_account": account_id, "now": now, "at_most": at_most}
    return [_line(row) for row in connection.execute(query, asked)]


def _line(row: Row[Any]) -> ReviewableLine:
    return ReviewableLine(
        order_id=row.order_id,
        line_id=row.line_id,
        sku_id=row.sku_id,
        product_id=row.product_id,
        merchant_id=row.merchant_id,
        received_at=row.received_at,
        closes_at=row.closes_at,
    )


def _what(row: Upsert) -> Executable:
    told = {name: row.excluded[name] for name in ("sku_id", "merchant_id")}
    return row.on_conflict_do_update(
        index_elements=["order_id", "line_id"],
        set_=told,
        where=order_lines.c.sku_id.is_(None),
    )


def _since(row: Upsert) -> Executable:
    return row.on_conflict_do_update(
        index_elements=["order_id", "line_id"],
        set_={"received_at": row.excluded.received_at},
        where=order_lines.c.received_at.is_(None),
    )


# Built once: building a statement costs five times as much as executing it. An update sets the
# columns that are named in its parameters.
_LOCKED: Final = (
    select(orders.c.closed).where(orders.c.id == bindparam("of_order")).with_for_update()
)
_CLOSE: Final = update(orders).where(orders.c.id == bindparam("of_order"))
_COMPLETE: Final = _CLOSE.where(orders.c.closes_at.is_(None))
_FORGET_LINES: Final = delete(order_lines).where(order_lines.c.order_id == bindparam("of_order"))
_FORGET: Final = delete(orders).where(orders.c.account_id == bindparam("of_account"))
_REVIEWABLE: Final[Select[Any]] = (
    select(order_lines, skus.c.product_id, orders.c.closes_at)
    .join(orders, orders.c.id == order_lines.c.order_id)
    .join(skus, skus.c.sku_id == order_lines.c.sku_id)
    .where(
        orders.c.account_id == bindparam("of_account"),
        order_lines.c.received_at.is_not(None),
        or_(orders.c.closes_at.is_(None), orders.c.closes_at > bindparam("now")),
    )
    .order_by(order_lines.c.order_id.desc(), order_lines.c.line_id.desc())
    .limit(bindparam("at_most"))
)
