"""Take out of a cart what its owner ordered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cart_service.domain.owner import Owner
from cart_service.store import carts, marks
from shop_events import Tx


def take_out_bought(
    tx: Tx, order_id: str, *, account_id: str, bought: Iterable[tuple[str, int]]
) -> None:
    """Take the units an order bought, by SKU, out of the account's ticked lines.

    Once per order, however often and however late it is told; what is not there is not missed.
    """
    if not marks.note_order(tx.connection, order_id):
        return
    cart = carts.lock(tx.connection, Owner(account_id=account_id))
    if cart is None:
        return
    units: Counter[str] = Counter()
    for sku_id, quantity in bought:
        units[sku_id] += quantity
    carts.save(tx.connection, cart, cart.take_out(units), now=tx.now)
