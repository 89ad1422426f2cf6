"""Delete carts that nobody may or will use any more."""

from __future__ import annotations

from cart_service.domain.owner import Owner
from cart_service.store import carts, marks
from cart_service.usecases import times
from shop_events import Tx


def forget_account(tx: Tx, account_id: str) -> None:
    """The person behind the account is to be forgotten: the cart goes with all its lines."""
    marks.note_erased(tx.connection, account_id)
    cart = carts.lock(tx.connection, Owner(account_id=account_id))
    if cart is not None:
        carts.end(tx.connection, cart.id)


def sweep_carts(tx: Tx, *, at_most: int) -> int:
    """Delete what nobody uses: some of each kind; how many.

    Guests' carts unused for 30 days; carts that erased accounts began while they were erased; marks
    of removals past their day.
    """
    unused_since, old = tx.now - times.GUEST_UNUSED_FOR, tx.now - times.REMOVED_FOR
    gone = carts.unused_guests(tx.connection, before=unused_since, at_most=at_most)
    gone += carts.of_erased(tx.connection, at_most=at_most)
    for cart_id in gone:
        carts.end(tx.connection, cart_id)
    return len(gone) + marks.forget_removed(tx.connection, before=old, at_most=at_most)
