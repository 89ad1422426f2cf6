"""Agree to what changed since the shopper looked."""

from __future__ import annotations

from cart_service.domain.owner import Owner
from cart_service.store import carts
from cart_service.usecases.open_cart import Changed
from shop_events import Tx


def accept_changes(tx: Tx, owner: Owner) -> Changed:
    """Agree to every line's present price and stock (row 37). Somebody without a cart has none."""
    cart = carts.lock(tx.connection, owner)
    if cart is None:
        return Changed(cart=None)
    after, notices = cart.accept_changes()
    carts.save(tx.connection, cart, after, now=tx.now)
    return Changed(cart=after, notices=notices)
