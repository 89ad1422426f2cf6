"""Find somebody's cart for changing it, or begin one."""

from __future__ import annotations

from dataclasses import dataclass

from cart_service.domain.cart import Cart, Notices
from cart_service.domain.errors import CartGone
from cart_service.domain.owner import Owner, digest, new_token
from cart_service.store import carts
from shop_events import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A cart after a change, and what the shopper is to be told of it.

    ``token`` opens a guest's cart that was begun just now; it is never shown again. ``cart`` is
    None for somebody who has none.
    """

    cart: Cart | None
    notices: Notices = ()
    token: str | None = None


def open_cart(tx: Tx, owner: Owner) -> tuple[Cart, str | None]:
    """The owner's cart, locked; begun if there is none, then with the token a guest needs for it.

    Raises:
        CartGone: the guest's cart ended after its token was looked up.
    """
    cart = carts.lock(tx.connection, owner)
    if cart is not None:
        return cart, None
    if owner.guest_cart_id is not None:
        raise CartGone
    if owner.account_id is None:
        return _begin_guest(tx)
    carts.begin(tx.connection, tx.new_id(), account_id=owner.account_id, now=tx.now)
    begun = carts.lock(tx.connection, owner)
    if begun is None:
        raise CartGone
    return begun, None


def _begin_guest(tx: Tx) -> tuple[Cart, str]:
    token, cart_id = new_token(), tx.new_id()
    mark = digest(token)
    if mark is None:
        raise ValueError("A token of ours is too long to be read back.")
    carts.begin_guest(tx.connection, cart_id, digest=mark, now=tx.now)
    return Cart(id=cart_id), token
