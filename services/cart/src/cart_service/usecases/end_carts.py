"""Delete carts that nobody may or will use any more."""

from __future__ import annotations

from cart_service.domain.owner import Owner
from cart_service.store import carts, marks
from cart_service.usecases import times
from shop_events import Tx


def forget_account(tx: Tx, account_id: str) -> None:
    """The person behind the account is to be forgotten: the cart goes with all its lines."""
    cart = carts.lock(tx.connection, Owner(account_id=account_id))
    if cart is not None:
        carts.end(tx.connection, cart.id)


def end_unused(tx: Tx, *, at_most: int) -> int:
    """Delete guests' carts unused for 30 days, and marks of removals past their day; how many."""
    before = tx.now - times.GUEST_UNUSED_FOR
    unused = carts.unused_guests(tx.connection, before=before, at_most=at_most)
    for cart_id in unused:
        carts.end(tx.connection, cart_id)
    old = tx.now - times.REMOVED_FOR
    return len(unused) + marks.forget_removed(tx.connection, before=old, at_most=at_most)
