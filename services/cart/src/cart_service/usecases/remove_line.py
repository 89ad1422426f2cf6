"""Take a line out of a cart."""

from __future__ import annotations

from cart_service.domain.errors import LineNotFound
from cart_service.domain.owner import Owner
from cart_service.store import carts, marks
from shop_events import Tx


def remove_line(tx: Tx, owner: Owner, *, line_id: str) -> None:
    """Take a line out. A repeat within a day does nothing and is no error.

    Raises:
        LineNotFound: the cart never had it: it is missing, or somebody else's.
    """
    cart = carts.lock(tx.connection, owner)
    if cart is None:
        raise LineNotFound(line_id)
    if marks.was_removed(tx.connection, line_id, cart_id=cart.id):
        return
    carts.save(tx.connection, cart, cart.remove(line_id), now=tx.now)
    marks.note_removed(tx.connection, line_id, cart_id=cart.id, now=tx.now)
