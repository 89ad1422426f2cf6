"""What order knows of the goods: its own copy of what catalog and account say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shop_events.values import Money

AT_HOME: Final = "zh-CN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice that makes a SKU what it is: colour, blue."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What a SKU was when somebody looked; an order keeps it as it was then (O5)."""

    product_id: str
    titles: Mapping[str, str]  # by locale
    options: tuple[Option, ...]
    weight_g: int
    version: int
    image: str | None = None
    volume_cm3: int = 0

    def title(self, locale: str) -> str:
        """The title in this language, in the shop's own, or in whichever there is."""
        titles = self.titles
        return titles.get(locale) or titles.get(AT_HOME) or next(iter(titles.values()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sku:
    """One thing that can be bought. ``sold``: product, SKU and merchant are all in business."""

    sku_id: str
    merchant_id: str
    price: Money
    sold: bool
    goods: Goods
