"""Look into a cart."""

from __future__ import annotations

from datetime import datetime

from cart_service.domain.cart import Cart
from cart_service.domain.owner import Owner, digest
from cart_service.store import carts
from cart_service.usecases.times import NOTE_VISITS_EVERY
from shop_events import Tx
from shop_events.sql import Connection


def read_cart(connection: Connection, owner: Owner) -> Cart | None:
    """The owner's cart; None if there is none."""
    return carts.read(connection, owner)


def find_guest(connection: Connection, token: str) -> tuple[str, datetime] | None:
    """Id and last use of the cart the token opens; None for any token that opens none."""
    mark = digest(token)
    return carts.guest_of(connection, mark) if mark else None


def visit_is_news(used_at: datetime, now: datetime) -> bool:
    """Whether a look at a guest's cart last used then should be noted."""
    return used_at < now - NOTE_VISITS_EVERY


def note_visit(tx: Tx, cart_id: str) -> None:
    """A guest came back: the cart is not unused."""
    carts.note_use(tx.connection, cart_id, now=tx.now)
