"""What was done for good: lines removed, orders whose goods were taken out, accounts erased."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select

from cart_service.store.tables import erased_accounts, orders_taken, removed_lines
from shop_events.sql import insert_once


def note_order(connection: Connection, order_id: str) -> bool:
    """Remember that the order's goods leave the cart; False if they did already."""
    return insert_once(connection, orders_taken, {"order_id": order_id})


def note_erased(connection: Connection, account_id: str) -> None:
    """Remember that the account is nobody's any more."""
    insert_once(connection, erased_accounts, {"account_id": account_id})


def note_removed(connection: Connection, line_id: str, *, cart_id: str, now: datetime) -> None:
    """Remember that the line was removed from this cart."""
    row = {"line_id": line_id, "cart_id": cart_id, "removed_at": now}
    insert_once(connection, removed_lines, row)


def was_removed(connection: Connection, line_id: str, *, cart_id: str) -> bool:
    """Whether the line was removed from this cart not long ago."""
    asked = {"of_line": line_id, "of_cart": cart_id}
    return connection.execute(_REMOVED, asked).first() is not None


def forget_removed(connection: Connection, *, before: datetime, at_most: int) -> int:
    """Forget lines that were removed before then; how many."""
    gone = connection.execute(_FORGET, {"before": before, "at_most": at_most})
    return gone.rowcount


_REMOVED: Final = select(removed_lines.c.line_id).where(
    removed_lines.c.line_id == bindparam("of_line"), removed_lines.c.cart_id == bindparam("of_cart")
)
_OLD: Final = (
    select(removed_lines.c.line_id)
    .where(removed_lines.c.removed_at < bindparam("before"))
    .limit(bindparam("at_most"))
)
_FORGET: Final = delete(removed_lines).where(removed_lines.c.line_id.in_(_OLD))
