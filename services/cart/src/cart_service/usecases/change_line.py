"""Change a line: its quantity, its variant, its tick."""

from __future__ import annotations

from dataclasses import dataclass

from cart_service.domain.cart import Cart, Notices
from cart_service.domain.errors import LineNotFound, SkuNotFound
from cart_service.domain.owner import Owner
from cart_service.store import carts, copies
from cart_service.usecases.open_cart import Changed
from shop_events import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """What is to become of a line; None: as it is."""

    quantity: int | None = None
    sku_id: str | None = None
    selected: bool | None = None


def change_line(tx: Tx, owner: Owner, *, line_id: str, change: LineChange) -> Changed:
    """Change a line of the owner's cart, all of it or nothing.

    Raises:
        LineNotFound: there is none, or it lies in somebody else's cart.
        SkuNotFound, NotAVariant, NotForSale, OutOfStock: it cannot become that SKU.
    """
    cart = carts.lock(tx.connection, owner)
    if cart is None:
        raise LineNotFound(line_id)
    after = cart
    if change.selected is not None:
        after = after.select(line_id, selected=change.selected)
    after, notices = _change_units(tx, after, line_id, change=change)
    carts.save(tx.connection, cart, after, now=tx.now)
    return Changed(cart=after, notices=notices)


def _change_units(tx: Tx, cart: Cart, line_id: str, *, change: LineChange) -> tuple[Cart, Notices]:
    line = cart.line(line_id)
    if change.sku_id is not None and change.sku_id != line.goods.sku_id:
        goods = copies.find(tx.connection, change.sku_id)
        if goods is None:
            raise SkuNotFound(change.sku_id)
        return cart.change_variant(line_id, goods, quantity=change.quantity)
    if change.quantity is not None:
        return cart.set_quantity(line_id, change.quantity)
    return cart, ()
