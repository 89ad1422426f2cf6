"""Carts: found by their owner, read under a lock, written back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from cart_service.domain.cart import Cart
from cart_service.domain.line import Line
from cart_service.domain.owner import Owner
from cart_service.store.copies import GOODS, KNOWN, goods_of
from cart_service.store.tables import cart_lines, carts, erased_accounts, skus
from shop_events.sql import insert_once
from shop_events.values import Money


def read(connection: Connection, owner: Owner) -> Cart | None:
    """The owner's cart, if there is one."""
    return _cart(connection, _find(connection, owner, locked=False))


def lock(connection: Connection, owner: Owner) -> Cart | None:
    """The owner's cart, locked until this transaction ends, if there is one.

    Whoever needs two locks an account's before a guest's, always.
    """
    return _cart(connection, _find(connection, owner, locked=True))


def begin(connection: Connection, cart_id: str, *, account_id: str, now: datetime) -> None:
    """Let the account have a cart; quiet if it has one."""
    insert_once(connection, carts, {"id": cart_id, "account_id": account_id, "used_at": now})


def begin_guest(connection: Connection, cart_id: str, *, digest: str, now: datetime) -> None:
    """Keep a new cart that a guest opens with the token of this digest."""
    row = {"id": cart_id, "token_digest": digest, "used_at": now}
    connection.execute(insert(carts), row)


def guest_of(connection: Connection, digest: str) -> tuple[str, datetime] | None:
    """Id and last use of the cart that the token of this digest opens."""
    row = connection.execute(_OF_TOKEN, {"of_token": digest}).first()
    return None if row is None else (row.id, row.used_at)


def save(connection: Connection, before: Cart, after: Cart, *, now: datetime) -> None:
    """Write what changed between the two, and that the cart was used now."""
    kept, known = {line.id for line in after.lines}, {line.id: line for line in before.lines}
    gone = [{"of_line": line_id} for line_id in known if line_id not in kept]
    new = [_row(after.id, line) for line in after.lines if line.id not in known]
    changed = [
        {"of_line": line.id, **_told(line)}
        for line in after.lines
        if line.id in known and known[line.id] != line
    ]
    # What goes makes room first: a cart has one line for a SKU.
    for statement, rows in ((_REMOVE, gone), (_CHANGE, changed), (_ADD, new)):
        if rows:
            connection.execute(statement, rows)
    note_use(connection, after.id, now=now)


def note_use(connection: Connection, cart_id: str, *, now: datetime) -> None:
    """Somebody looked into the cart, or changed it."""
    connection.execute(_USED, {"of_cart": cart_id, "used_at": now})


def end(connection: Connection, cart_id: str) -> None:
    """Delete the cart with its lines."""
    connection.execute(_END, {"of_cart": cart_id})


def unused_guests(connection: Connection, *, before: datetime, at_most: int) -> list[str]:
    """Ids of guests' carts last used before then, locked; those in use this moment are left out."""
    found = connection.execute(_UNUSED, {"before": before, "at_most": at_most})
    return [row.id for row in found]


def of_erased(connection: Connection, *, at_most: int) -> list[str]:
    """Ids of carts whose accounts were erased, locked."""
    return [row.id for row in connection.execute(_ERASED, {"at_most": at_most})]


def _find(connection: Connection, owner: Owner, *, locked: bool) -> str | None:
    if owner.account_id is not None:
        return _one(connection, _OF_ACCOUNT, owner.account_id, locked=locked)
    if owner.guest_cart_id is not None:
        return _one(connection, _OF_GUEST, owner.guest_cart_id, locked=locked)
    return None


def _one(
    connection: Connection, query: dict[bool, Select[Any]], owner: str, *, locked: bool
) -> str | None:
    found: str | None = connection.execute(query[locked], {"owner": owner}).scalar()
    return found


def _cart(connection: Connection, cart_id: str | None) -> Cart | None:
    if cart_id is None:
        return None
    rows = connection.execute(_LINES, {"of_cart": cart_id})
    return Cart(id=cart_id, lines=tuple(_line(row) for row in rows))


def _line(row: Row[Any]) -> Line:
    return Line(
        id=row.id,
        goods=goods_of(row),
        quantity=row.quantity,
        selected=row.selected,
        price_seen=Money(row.price_seen, row.currency_seen),
    )


def _row(cart_id: str, line: Line) -> dict[str, Any]:
    return {"id": line.id, "cart_id": cart_id, **_told(line)}


def _told(line: Line) -> dict[str, Any]:
    return {
        "sku_id": line.goods.sku_id,
        "quantity": line.quantity,
        "selected": line.selected,
        "price_seen": line.price_seen.minor,
        "currency_seen": line.price_seen.currency,
    }


# Built once: building a statement costs five times as much as executing it. An update sets the
# columns that are named in its parameters.
_by_account = select(carts.c.id).where(carts.c.account_id == bindparam("owner"))
_by_id = select(carts.c.id).where(carts.c.id == bindparam("owner"), carts.c.account_id.is_(None))
_OF_ACCOUNT: Final = {False: _by_account, True: _by_account.with_for_update()}
_OF_GUEST: Final = {False: _by_id, True: _by_id.with_for_update()}
_OF_TOKEN: Final = select(carts.c.id, carts.c.used_at).where(
    carts.c.token_digest == bindparam("of_token")
)
_OF_LINE: Final = tuple(
    cart_lines.c[name] for name in ("id", "quantity", "selected", "price_seen", "currency_seen")
)
_LINES: Final[Select[Any]] = (
    select(*_OF_LINE, *GOODS)
    .select_from(cart_lines.join(KNOWN, skus.c.sku_id == cart_lines.c.sku_id))
    .where(cart_lines.c.cart_id == bindparam("of_cart"))
    .order_by(cart_lines.c.id)
)
_ADD: Final = insert(cart_lines)
_CHANGE: Final = update(cart_lines).where(cart_lines.c.id == bindparam("of_line"))
_REMOVE: Final = delete(cart_lines).where(cart_lines.c.id == bindparam("of_line"))
_USED: Final = update(carts).where(carts.c.id == bindparam("of_cart"))
_END: Final = delete(carts).where(carts.c.id == bindparam("of_cart"))
_UNUSED: Final = (
    select(carts.c.id)
    .where(carts.c.account_id.is_(None), carts.c.used_at < bindparam("before"))
    .order_by(carts.c.used_at)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
_ERASED: Final = (
    select(carts.c.id)
    .join(erased_accounts, erased_accounts.c.account_id == carts.c.account_id)
    .limit(bindparam("at_most"))
    .with_for_update(of=carts, skip_locked=True)
)
