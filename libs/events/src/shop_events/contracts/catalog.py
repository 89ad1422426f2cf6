"""Events published by the catalog service."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shop_events.contract import Event, Kind, event
from shop_events.values import Money


class ProductStatus(StrEnum):
    """Whether a product can be bought."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalText:
    """A text in one language."""

    locale: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuOption:
    """One choice that makes a SKU what it is: colour, blue."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogSku:
    """One thing that can be bought. ``active``: its merchant sells it at present.

    ``volume_cm3`` is 0 where its merchant does not say it.
    """

    sku_id: str
    options: tuple[SkuOption, ...]
    price: Money
    weight_g: int
    active: bool
    image: str | None = None
    volume_cm3: int = 0


@event("catalog.product_changed", version=1, by="catalog", key="product_id", kind=Kind.STATE)
class ProductChanged(Event):
    """A product as it is now, with all its SKUs; an older ``version`` never replaces a newer one.

    A SKU that was sold once stays in the list, inactive if it is sold no more.
    """

    product_id: str
    merchant_id: str
    status: ProductStatus
    titles: tuple[LocalText, ...]
    category_path: tuple[str, ...]
    skus: tuple[CatalogSku, ...]
    version: int
