"""Put something into a cart."""

from __future__ import annotations

from cart_service.domain.errors import SkuNotFound
from cart_service.domain.owner import Owner
from cart_service.store import carts, copies
from cart_service.usecases.open_cart import Changed, open_cart
from shop_events import Tx


def add_line(tx: Tx, owner: Owner, *, sku_id: str, quantity: int) -> Changed:
    """Add so many units of a SKU, as far as limits allow; a SKU has one line, which grows.

    Raises:
        SkuNotFound: catalog never told of it, or it is a draft.
        NotForSale, OutOfStock, CartFull: it cannot be put in.
        CartGone: the guest's cart ended meanwhile.
    """
    goods = copies.find(tx.connection, sku_id)
    if goods is None:
        raise SkuNotFound(sku_id)
    cart, token = open_cart(tx, owner)
    after, notices = cart.add(goods, quantity, line_id=tx.new_id())
    carts.save(tx.connection, cart, after, now=tx.now)
    return Changed(cart=after, notices=notices, token=token)
