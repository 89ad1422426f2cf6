"""Finds what is for sale: filters, words, an order with a stable end, and a page of it.

A page starts after the sort key of the last row of the page before (keyset), so that the thousandth
page costs what the first did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Row,
    Select,
    and_,
    delete,
    literal,
    or_,
    select,
)

from catalog_service.domain.money import CURRENCY
from catalog_service.domain.text import Texts
from catalog_service.store import analyser, texts, words
from catalog_service.store.tables import (
    listing_attributes,
    listing_titles,
    listings,
    zero_results,
)
from shop_events.sql import Upsert, on_conflict
from shop_events.values import Money


class Sort(StrEnum):
    """In which order people see what was found."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    SALES = "sales"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"
    RATING = "rating"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for. ``words`` are cut already; ``category`` is a path of ids."""

    words: tuple[str, ...] = ()
    single: bool = False  # look for single characters, since the words found nothing
    category: tuple[str, ...] = ()
    brand: str | None = None
    price_min: int | None = None
    price_max: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    in_stock: bool = False
    merchant_id: str | None = None

    def without(self, dimension: str) -> Wanted:
        """The same, one filter left off; ``dimension`` is its field, or ``attr.<name>``."""
        if dimension.startswith("attr."):
            left = {n: v for n, v in self.attributes.items() if n != dimension[5:]}
            return replace(self, attributes=left)
        return replace(self, **{dimension: _NOTHING[dimension]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One product in a list."""

    product_id: str
    merchant_id: str
    titles: Texts
    image: str | None
    brand: str
    price_min: Money
    price_max: Money
    in_stock: bool
    sales: int
    sort_key: tuple[int, str]


_NOTHING: Final[dict[str, Any]] = {
    "category": (),
    "brand": None,
    "in_stock": False,
}
_COLUMNS: Final = {
    Sort.NEWEST: (listings.c.newest, False),
    Sort.SALES: (listings.c.sales, False),
    Sort.PRICE_ASC: (listings.c.price_min, True),
    Sort.PRICE_DESC: (listings.c.price_min, False),
    Sort.RATING: (listings.c.rating, False),
}


def page(
    connection: Connection,
    wanted: Wanted,
    *,
    sort: Sort,
    after: tuple[int, str] | None,
    at_most: int,
) -> list[Listing]:
    """What is wanted, in this order, after the row with the sort key ``after``."""
    key, ascending, query = _sorted_query(connection, wanted, sort)
    product_id = listings.c.product_id
    if after is not None:
        if wanted.words and sort is Sort.RELEVANCE:
            after = _as_of_now(connection, query, after)
        beyond, tie = (
            (key > after[0], product_id > after[1])
            if ascending
            else (key < after[0], product_id < after[1])
        )
        query = query.where(or_(beyond, and_(key == after[0], tie)))
    order = (key.asc(), product_id.asc()) if ascending else (key.desc(), product_id.desc())
    rows = connection.execute(query.order_by(*order).limit(at_most)).all()
    return [_listing(row) for row in rows]


def matches(connection: Connection, wanted: Wanted) -> Select[Any]:
    """A query for the ids of everything that is wanted."""
    query = select(listings.c.product_id).where(*_filters(wanted))
    if wanted.words:
        matching = words.matching(connection, wanted.words, single=wanted.single, ranked=False)
        found = matching.subquery()
        query = query.join(found, found.c.number == listings.c.number)
    return query


def finds_nothing(connection: Connection, wanted: Wanted) -> bool:
    """Whether nobody would see anything."""
    return connection.execute(matches(connection, wanted).limit(1)).first() is None


def suggestions(connection: Connection, start: str, *, at_most: int) -> list[str]:
    """Titles that start so, whatever their width and capitals."""
    key = analyser.normal(start).strip()
    query = (
        select(listing_titles.c.title)
        .where(listing_titles.c.key >= key, listing_titles.c.key < key + "\U0010ffff")
        .order_by(listing_titles.c.key)
        .limit(at_most * 3)
    )
    return list(dict.fromkeys(connection.scalars(query)))[:at_most]


def note_zero_result(connection: Connection, asked: Sequence[str], *, at: datetime) -> None:
    """Count a search that found nothing; the words as they were cut, and not who asked."""
    found = {"words": " ".join(asked)[:200], "times": 1, "last_at": at}
    connection.execute(on_conflict(connection, zero_results, _once_more), found)


def zero_results_of(connection: Connection, *, at_most: int) -> list[Row[Any]]:
    """What was looked for in vain most often."""
    query = select(zero_results).order_by(zero_results.c.times.desc(), zero_results.c.words)
    return list(connection.execute(query.limit(at_most)).all())


def forget_zero_results(connection: Connection, before: datetime) -> int:
    """Forget what nobody has looked for since then; how many."""
    return int(
        connection.execute(delete(zero_results).where(zero_results.c.last_at < before)).rowcount
    )


def _once_more(row: Upsert) -> Executable:
    more = {"times": zero_results.c.times + 1, "last_at": row.excluded.last_at}
    return row.on_conflict_do_update(index_elements=["words"], set_=more)


def _sorted_query(
    connection: Connection, wanted: Wanted, sort: Sort
) -> tuple[ColumnElement[int], bool, Select[Any]]:
    if wanted.words:
        found = words.matching(connection, wanted.words, single=wanted.single).subquery()
        key, ascending = _COLUMNS.get(sort, (found.c.score, False))
        query = select(*_SHOWN, key.label("sort_key"))
        query = query.join_from(listings, found, found.c.number == listings.c.number)
    else:
        key, ascending = _COLUMNS.get(sort, _COLUMNS[Sort.NEWEST])
        query = select(*_SHOWN, key.label("sort_key"))
    return key, ascending, query.where(*_filters(wanted))


def _as_of_now(
    connection: Connection, query: Select[Any], after: tuple[int, str]
) -> tuple[int, str]:
    """Where the last row of the page before stands by now.

    All scores move when something else is published, since words become rarer or more frequent.
    The score of then would leave out all that was as good, or show it twice. What has gone from
    sale meanwhile has no other than that.
    """
    row = connection.execute(query.where(listings.c.product_id == after[1])).first()
    return after if row is None else (int(row.sort_key), after[1])


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.category:
        # "0" is the character after "/": from the category's own path to the end of what is below.
        path = "".join(f"{part}/" for part in wanted.category)
        column = listings.c.category_path
        found += [column >= path, column < path[:-1] + "0"]
    if wanted.brand is not None:
        found.append(listings.c.brand == wanted.brand)
    if wanted.price_min is not None:
        found.append(listings.c.price_max >= wanted.price_min)
    if wanted.price_max is not None:
        found.append(listings.c.price_min <= wanted.price_max)
    if wanted.in_stock:
        found.append(listings.c.in_stock == literal(value=True))
    if wanted.merchant_id is not None:
        found.append(listings.c.merchant_id == wanted.merchant_id)
    return found + [_has(name, value) for name, value in wanted.attributes.items()]


def _has(name: str, value: str) -> ColumnElement[bool]:
    having = select(listing_attributes.c.product_id).where(
        listing_attributes.c.name == name, listing_attributes.c.value == value
    )
    return listings.c.product_id.in_(having.scalar_subquery())


_SHOWN: Final = (
    listings.c.product_id,
    listings.c.merchant_id,
    listings.c.card,
    listings.c.brand,
    listings.c.price_min,
    listings.c.price_max,
    listings.c.in_stock,
    listings.c.sales,
)


def _listing(row: Row[Any]) -> Listing:
    card = texts.read(row.card)
    return Listing(
        product_id=row.product_id,
        merchant_id=row.merchant_id,
        titles=card["titles"],
        image=card["image"],
        brand=row.brand,
        price_min=Money(row.price_min, CURRENCY),
        price_max=Money(row.price_max, CURRENCY),
        in_stock=row.in_stock,
        sales=row.sales,
        sort_key=(int(row.sort_key), row.product_id),
    )
