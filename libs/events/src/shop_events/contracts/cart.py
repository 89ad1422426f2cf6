"""Events published by the cart service."""

from __future__ import annotations

from dataclasses import dataclass

from shop_events.contract import Event, event


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedUnits:
    """Units of a guest's cart that did not fit into the shopper's."""

    sku_id: str
    quantity: int
    why: str


@event("cart.merged", version=1, by="cart", key="cart_id")
class CartMerged(Event):
    """A guest signed in and kept what was in the guest's cart, but for what was ``dropped``."""

    cart_id: str
    account_id: str
    dropped: tuple[DroppedUnits, ...]
