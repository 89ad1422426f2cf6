"""What can lie in a cart, as far as the cart has heard of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cart_service.domain.errors import NotForSale, OutOfStock, SkuNotFound
from shop_events.values import LARGEST_MINOR, Money

MOST_UNITS: Final = 99  # of one line
MOST_LINES: Final = 100
# No cart may cost more than an amount can hold, whatever a merchant writes on a product.
_LARGEST_PRICE: Final = LARGEST_MINOR // (MOST_UNITS * MOST_LINES)


class Status(StrEnum):
    """Where a product stands, in catalog's words."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Band(StrEnum):
    """What people see of the stock (S9), and whether there is still anything to be sold."""

    NONE = "none"
    LOW = "low"
    PLENTY = "plenty"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A SKU with what its product, its price and its stock are now.

    ``titles`` are by locale. ``available`` is 0 until logistics has told of the SKU: nobody can
    buy what no warehouse ever had.
    """

    sku_id: str
    product_id: str
    merchant_id: str
    status: Status
    active: bool
    titles: Mapping[str, str]
    options: tuple[tuple[str, str], ...]
    image: str | None
    price: Money
    available: int
    stock: Band

    @property
    def sold(self) -> bool:
        """Whether its merchant sells it at present."""
        listed = self.active and self.status is Status.PUBLISHED
        return listed and 0 <= self.price.minor <= _LARGEST_PRICE

    @property
    def most(self) -> int:
        """How many units a line may have now; 0 if it cannot be bought."""
        return min(self.available, MOST_UNITS) if self.sold else 0

    @property
    def band(self) -> Band:
        """How many there are, as people are told."""
        return self.stock if self.sold else Band.WITHDRAWN

    def must_be_sold(self) -> None:
        """Refuse what nobody sells.

        Raises:
            SkuNotFound: it is a draft, which nobody outside may know of.
            NotForSale: it is sold no more.
        """
        if self.status is Status.DRAFT:
            raise SkuNotFound(self.sku_id)
        if not self.sold:
            raise NotForSale(self.sku_id)

    def must_be_in_stock(self) -> None:
        """Refuse what nobody sells, or what is sold out.

        Raises:
            SkuNotFound, NotForSale: as `must_be_sold`.
            OutOfStock: there is none left.
        """
        self.must_be_sold()
        if not self.most:
            raise OutOfStock(self.sku_id)
