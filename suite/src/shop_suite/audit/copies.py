"""What services were told of each other's things is what those things are, once all is quiet.

It reads the databases with statements of its own, and compares them row by row: no copy is behind
its source, and none is of something that its source does not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, case, func, select

from account_service.store import tables as account
from aftersales_service.store import tables as aftersales
from cart_service.store import tables as cart
from catalog_service.store import tables as catalog
from logistics_service.store import tables as logistics
from notification_service.store import tables as notification
from order_service.store import shop_tables as shop
from order_service.store import tables as order
from review_service.store import tables as review
from shop_events import Database

Facts = dict[Any, tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Somebody's copy of somebody else's things; the first ``keys`` columns say which thing."""

    what: str
    source: tuple[str, Select[Any]]  # whose, and what it says
    holder: tuple[str, Select[Any]]
    keys: int = 1
    whole: bool = True  # False: the holder need not know all of them

    def problems(self, databases: Mapping[str, Database]) -> Iterator[str]:
        """A sentence for each thing that the two say otherwise of."""
        (source, asked), (holder, kept) = self.source, self.holder
        if not {source, holder} <= databases.keys():
            return
        true, told = (
            _facts(databases[name], query, self.keys)
            for name, query in ((source, asked), (holder, kept))
        )
        for key in sorted(true.keys() | told.keys()):
            named = f"{self.what} {'/'.join(map(str, key))}"
            if key not in true:
                yield f"I3: {holder} knows of the {named}, and {source} does not."
            elif key not in told:
                if self.whole:
                    yield f"I3: {holder} does not know of the {named} of {source}."
            elif true[key] != told[key]:
                yield f"I3: the {named} is {true[key]} to {source}, and {told[key]} to {holder}."


def problems(databases: Mapping[str, Database]) -> Iterator[str]:
    """A sentence for each copy that is not as its source. Ask when it is quiet.

    Of services that the town does not have nothing is said.
    """
    for copy in COPIES:
        yield from copy.problems(databases)


def _facts(database: Database, query: Select[Any], keys: int) -> Facts:
    with database.read() as connection:
        rows = connection.execute(query).all()
    return {tuple(row[:keys]): tuple(row[keys:]) for row in rows}


_ALL_PRODUCTS: Final = ("catalog", select(catalog.products.c.id, catalog.products.c.version))
# A SKU that never had a price is nobody else's business yet.
_PRICES: Final = (
    "catalog",
    select(catalog.skus.c.id, catalog.skus.c.product_id, catalog.skus.c.price).where(
        catalog.skus.c.price.is_not(None)
    ),
)
# Version 0: it is for sale, and logistics never told of it.
_TOLD_STOCK: Final = select(catalog.stock.c.sku_id, catalog.stock.c.version).where(
    catalog.stock.c.version > 0
)
_LEVEL: Final = logistics.stock_levels.c
_LEVELS: Final = select(_LEVEL.sku_id, _LEVEL.version).where(_LEVEL.version > 0)
_LEFT: Final = _LEVEL.on_hand - _LEVEL.held - _LEVEL.allocated - _LEVEL.safety
_AVAILABLE: Final = select(
    _LEVEL.sku_id, _LEVEL.version, case((_LEFT > 0, _LEFT), else_=0).label("available")
).where(_LEVEL.version > 0)
_MERCHANTS: Final = ("account", select(account.merchants.c.id, account.merchants.c.version))
_RATES: Final = logistics.delivery_rates.c
_NEWEST_RATES: Final = select(_RATES.rates_id, func.max(_RATES.version)).group_by(_RATES.rates_id)
_LINE: Final = order.order_lines.c
_OF_AFTERSALES: Final = aftersales.order_lines.c
_OF_REVIEW: Final = review.order_lines.c

COPIES: Final = (
    Copy(
        what="version of the product",
        source=_ALL_PRODUCTS,
        holder=("cart", select(cart.products.c.product_id, cart.products.c.version)),
    ),
    Copy(
        what="version of the product",
        source=_ALL_PRODUCTS,
        holder=("order", select(shop.known_products.c.product_id, shop.known_products.c.version)),
    ),
    Copy(
        what="version of the product",
        source=_ALL_PRODUCTS,
        holder=("review", select(review.products.c.product_id, review.products.c.version)),
    ),
    Copy(
        what="price of",
        source=_PRICES,
        holder=("cart", select(cart.skus.c.sku_id, cart.skus.c.product_id, cart.skus.c.price)),
    ),
    Copy(
        what="price of",
        source=_PRICES,
        holder=(
            "order",
            select(
                shop.known_skus.c.sku_id, shop.known_skus.c.product_id, shop.known_skus.c.price
            ),
        ),
    ),
    Copy(
        what="stock of",
        source=("logistics", _LEVELS),
        holder=("catalog", _TOLD_STOCK),
    ),
    Copy(
        what="stock of",
        source=("logistics", _AVAILABLE),
        holder=(
            "cart",
            select(
                cart.stock_levels.c.sku_id,
                cart.stock_levels.c.version,
                cart.stock_levels.c.available,
            ),
        ),
    ),
    Copy(
        what="merchant",
        source=_MERCHANTS,
        holder=(
            "catalog",
            select(catalog.merchants.c.id, catalog.merchants.c.version).where(
                catalog.merchants.c.version > 0  # 0: it sells, and account never told of it
            ),
        ),
    ),
    Copy(
        what="merchant",
        source=_MERCHANTS,
        holder=(
            "order",
            select(shop.known_merchants.c.merchant_id, shop.known_merchants.c.version),
        ),
    ),
    Copy(
        what="delivery rates of",
        source=("logistics", _NEWEST_RATES),
        holder=(
            "catalog",
            select(catalog.delivery_rates.c.rates_id, catalog.delivery_rates.c.version),
        ),
    ),
    Copy(
        what="delivery rates of",
        source=("logistics", _NEWEST_RATES),
        holder=("order", select(shop.known_rates.c.rates_id, shop.known_rates.c.version)),
    ),
    Copy(
        what="contact of the account",
        source=(
            "account",
            select(account.accounts.c.id, account.accounts.c.version).where(
                account.accounts.c.version > 0  # 0: nothing of it is verified yet
            ),
        ),
        holder=(
            "notification",
            select(notification.people.c.account_id, notification.people.c.version).where(
                notification.people.c.erased.is_(False), notification.people.c.version > 0
            ),
        ),
        whole=False,  # whoever was erased is gone
    ),
    Copy(
        what="line",
        source=(
            "order",
            select(
                _LINE.order_id, _LINE.line_id, _LINE.sku_id, _LINE.merchant_id, _LINE.quantity,
                _LINE.unit_price,
            ),
        ),
        holder=(
            "aftersales",
            select(
                _OF_AFTERSALES.order_id, _OF_AFTERSALES.line_id, _OF_AFTERSALES.sku_id,
                _OF_AFTERSALES.merchant_id, _OF_AFTERSALES.quantity, _OF_AFTERSALES.unit_price,
            ),
        ),
        keys=2,
        whole=False,  # of confirmed orders alone
    ),
    Copy(
        what="line",
        source=(
            "order",
            select(_LINE.order_id, _LINE.line_id, _LINE.sku_id, _LINE.merchant_id),
        ),
        holder=(
            "review",
            select(
                _OF_REVIEW.order_id, _OF_REVIEW.line_id, _OF_REVIEW.sku_id, _OF_REVIEW.merchant_id
            ),
        ),
        keys=2,
        whole=False,
    ),
)  # fmt: skip
