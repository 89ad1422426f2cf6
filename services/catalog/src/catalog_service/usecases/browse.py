"""What people see: the tree, lists and single products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from catalog_service.domain.category import Category
from catalog_service.domain.delivery import Offer, Unit, offers
from catalog_service.domain.errors import ProductNotFound
from catalog_service.domain.product import Product
from catalog_service.store import (
    analyser,
    categories,
    facets,
    listings,
    marking,
    products,
    search,
    spelling,
    told,
)
from catalog_service.store.facets import Facets
from catalog_service.store.marking import Part
from catalog_service.store.search import Listing, Sort, Wanted
from shop_events.sql import Connection

__all__ = ["Sort", "Wanted", "find_products", "see_product", "see_tree"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of a list, and the counts beside its filters if they were asked for.

    ``corrected``: the question as it was understood, where it was typed wrongly.
    """

    listings: Sequence[Listing]
    facets: Facets | None
    wanted: Wanted
    corrected: str | None
    categories: Mapping[str, Category]

    def parts(self, text: str) -> list[Part]:
        """A title or brand in pieces: what was looked for, and what stands between."""
        return marking.parts(text, self.wanted.words, single=self.wanted.single)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSeen:
    """A product with what others told about it.

    ``ways`` are those to the district it was asked for; None: for none.
    """

    product: Product
    bands: Mapping[str, str]
    breadcrumb: Sequence[Category]
    merchant_name: str
    ways: Sequence[Offer] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A category with what is for sale in it and below."""

    category: Category
    count: int
    below: Sequence[Shelf]


def find_products(
    connection: Connection,
    wanted: Wanted,
    *,
    q: str,
    sort: Sort,
    after: tuple[int, str] | None,
    at_most: int,
    counted: bool,
) -> Found:
    """A page of what is wanted.

    Where its words find nothing, those no listing holds are taken for slips; where that does not
    help, single characters are looked for.
    """
    wanted, corrected = _understood(connection, wanted, q)
    found = search.page(connection, wanted, sort=sort, after=after, at_most=at_most)
    return Found(
        listings=found,
        facets=facets.facets(connection, wanted) if counted else None,
        wanted=wanted,
        corrected=corrected,
        categories={one.id: one for one in categories.all_of_them(connection)} if counted else {},
    )


def see_product(
    connection: Connection, product_id: str, *, division: str | None = None
) -> ProductSeen:
    """A product that is for sale, and how it can get to a district.

    Raises:
        ProductNotFound: there is none, or it is not for sale.
    """
    if not listings.is_listed(connection, product_id):
        raise ProductNotFound(product_id)
    one = products.get(connection, [product_id])[product_id]
    known = {each.id: each for each in categories.all_of_them(connection)}
    merchant = told.merchant(connection, one.merchant_id)
    return ProductSeen(
        product=one,
        bands=told.bands(connection, [sku.id for sku in one.for_sale]),
        breadcrumb=[known[part] for part in one.category_path if part in known],
        merchant_name=merchant.name if merchant else "",
        ways=None if division is None else _ways_to(connection, division, one),
    )


def see_tree(connection: Connection) -> list[Shelf]:
    """The whole tree with its counts."""
    own = categories.counts(connection)
    counts: dict[str, int] = {}
    for path, number in own.items():
        for part in path.split("/")[:-1]:
            counts[part] = counts.get(part, 0) + number
    every = categories.all_of_them(connection)
    return [_shelf(one, every, counts) for one in every if one.parent_id is None]


def _understood(connection: Connection, wanted: Wanted, q: str) -> tuple[Wanted, str | None]:
    wanted = replace(wanted, words=tuple(analyser.asked(q)))
    if not wanted.words or not search.finds_nothing(connection, wanted):
        return wanted, None
    if better := spelling.meant(connection, wanted.words):
        right = tuple(dict.fromkeys(better.get(word, word) for word in wanted.words))
        for single in (False, True):
            other = replace(wanted, words=right, single=single)
            if not search.finds_nothing(connection, other):
                return other, marking.reworded(q, better)
    return replace(wanted, single=True), None


def _ways_to(connection: Connection, division: str, one: Product) -> list[Offer]:
    rates = told.rates_of(connection, one.merchant_id)
    units = [
        Unit(weight_g=sku.weight_g, volume_cm3=sku.volume_cm3, price=sku.price)
        for sku in one.for_sale
        if sku.price is not None
    ]
    return offers(rates.methods, division, units)


def _shelf(one: Category, every: list[Category], counts: Mapping[str, int]) -> Shelf:
    below = [_shelf(each, every, counts) for each in every if each.parent_id == one.id]
    return Shelf(category=one, count=counts.get(one.id, 0), below=below)
