"""One line of a cart, and what a shopper is told about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cart_service.domain.goods import MOST_UNITS, Goods
from shop_events.values import Money


class Change(StrEnum):
    """What became different since the shopper looked; it wants consent (row 37)."""

    PRICE = "price"
    TOO_FEW = "too_few"  # fewer can be had than the line has
    UNAVAILABLE = "unavailable"  # ticked, and cannot be bought at all


class Why(StrEnum):
    """Why the shopper did not get what was wanted."""

    STOCK = "limited_by_stock"
    LINE_LIMIT = "limited_per_line"
    CART_FULL = "cart_full"
    UNTICKED = "unticked"  # it cannot be bought now


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """So many units were wanted, so many there are now, and why."""

    why: Why
    sku_id: str
    wanted: int
    given: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Some units of one SKU. ``price_seen`` is the price the shopper last agreed to."""

    id: str
    goods: Goods
    quantity: int
    selected: bool
    price_seen: Money

    @property
    def counts(self) -> bool:
        """Whether it is part of the subtotal: ticked, and there is something to buy."""
        return self.selected and self.goods.most > 0

    @property
    def total(self) -> Money | None:
        """What its units cost now, before discounts; None while it cannot be bought."""
        return self.goods.price * self.quantity if self.goods.most else None

    @property
    def changes(self) -> tuple[Change, ...]:
        """What wants the shopper's consent."""
        found = [Change.PRICE] if self.goods.price != self.price_seen else []
        if self.goods.most == 0:
            found += [Change.UNAVAILABLE] if self.selected else []
        elif self.quantity > self.goods.most:
            found.append(Change.TOO_FEW)
        return tuple(found)


def limited(goods: Goods, wanted: int, given: int) -> tuple[Notice, ...]:
    """What to say where ``given`` of ``wanted`` units are in a line now; nothing if all are."""
    if given >= wanted:
        return ()
    why = Why.LINE_LIMIT if goods.available > MOST_UNITS and goods.sold else Why.STOCK
    return (Notice(why=why, sku_id=goods.sku_id, wanted=wanted, given=given),)
