"""Let a guest who signed in keep what was in the guest's cart."""

from __future__ import annotations

from cart_service.domain.cart import Cart, Merging, Notices
from cart_service.domain.owner import Owner, digest
from cart_service.store import carts
from cart_service.usecases.open_cart import Changed, open_cart
from shop_events import Tx
from shop_events.contracts.cart import CartMerged, DroppedUnits


def merge_carts(tx: Tx, account_id: str, *, token: str, how: Merging = Merging.SUM) -> Changed:
    """Add a guest's cart to the account's, and end it. Publishes CartMerged, once a guest's cart.

    Idempotent on the token: a cart that ended already, or never was, adds nothing. The account's
    cart is locked before the guest's, so that two merges never lock each other out.
    """
    owner = Owner(account_id=account_id)
    mark = digest(token)
    known = carts.guest_of(tx.connection, mark) if mark else None
    if known is None:
        return Changed(cart=carts.read(tx.connection, owner))
    mine, _ = open_cart(tx, owner)
    guest = carts.lock(tx.connection, Owner(guest_cart_id=known[0]))
    if guest is None:
        return Changed(cart=mine)
    after, notices = mine.merge(guest, how)
    carts.end(tx.connection, guest.id)
    carts.save(tx.connection, mine, after, now=tx.now)
    tx.publish(_merged(after, account_id, notices))
    return Changed(cart=after, notices=notices)


def _merged(cart: Cart, account_id: str, notices: Notices) -> CartMerged:
    """What was dropped is what a line wanted and did not get."""
    dropped = tuple(
        DroppedUnits(sku_id=one.sku_id, quantity=one.wanted - one.given, why=one.why)
        for one in notices
    )
    return CartMerged(cart_id=cart.id, account_id=account_id, dropped=dropped)
