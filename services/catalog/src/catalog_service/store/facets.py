"""How many more there would be: counts beside each filter, its own left off (disjunctive).

Whoever chose blue is told how many are red. Counting stops at ``COUNTED`` products; what is told
then is the least there is, and said to be so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    case,
    func,
    literal_column,
    select,
)

from catalog_service.domain.price_ranges import EDGES, Range, few_ranges
from catalog_service.store.search import Wanted, matches
from catalog_service.store.tables import listing_attributes, listings

COUNTED: Final = 5_000
MOST_SHOWN: Final = 1_000
_NAMES: Final = 12
_VALUES: Final = 12
_GROUPS: Final = 300
_PRICE_RANGE: Final = case(
    *((listings.c.price_min < edge, literal_column(str(n))) for n, edge in enumerate(EDGES)),
    else_=literal_column(str(len(EDGES))),
).label("price_range")


@dataclass(frozen=True, slots=True)
class Count:
    """``number`` products have ``value``; with ``at_least`` there may be more."""

    value: str
    number: int
    at_least: bool


Counts = Sequence[Count]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The categories one may go to from the present one, which is the last of those ``up``."""

    down: Counts
    up: Counts
    aside: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """The counts beside each filter; in ``prices`` a product counts once, at its lowest."""

    total: Count
    categories: Ways
    prices: Sequence[tuple[Range, Count]]
    brand: Counts
    in_stock: Count
    attributes: Mapping[str, Counts]


class _Counted:
    """Everything that is wanted, up to a limit, asked for once."""

    def __init__(self, connection: Connection, wanted: Wanted) -> None:
        self._connection = connection
        everything = matches(connection, wanted)
        self.found: Subquery = everything.limit(COUNTED).subquery()
        total = connection.scalar(select(func.count()).select_from(self.found)) or 0
        self.cut = total >= COUNTED
        if self.cut:
            # Those listed last. Without an order a database takes them from the index at hand: on
            # SQLite that of prices, from the cheapest on, and nothing dear is counted.
            last = everything.order_by(listings.c.number.desc())
            self.found = last.limit(COUNTED).subquery()
        self.total = self.count("total", total)

    def count(self, value: str, number: int) -> Count:
        """A count as it may be told."""
        return Count(value, min(number, MOST_SHOWN), self.cut or number > MOST_SHOWN)

    def by(self, column: ColumnElement[Any]) -> list[tuple[Any, int]]:
        """How many have which value of a listing's column, the most frequent first."""
        return self._rows(self._grouped(column).order_by(func.count().desc(), column))

    def by_category(self) -> Counter[tuple[str, ...]]:
        """How many lie in each category and below it, by its path; none is left out."""
        found: Counter[tuple[str, ...]] = Counter()
        for path, number in self._connection.execute(self._grouped(listings.c.category_path)):
            parts = tuple(path.split("/")[:-1])
            for depth in range(1, len(parts) + 1):
                found[parts[:depth]] += number
        return found

    def by_price(self) -> list[tuple[Range, Count]]:
        """How many cost from what to what, see `few_ranges`."""
        query = select(_PRICE_RANGE).join(
            self.found, self.found.c.product_id == listings.c.product_id
        )
        key = query.subquery().c.price_range
        found = self._connection.execute(select(key, func.count().label("number")).group_by(key))
        held = few_ranges({row.price_range: row.number for row in found})
        return [(one, self.count("", number)) for one, number in held]

    def by_attribute(self) -> list[tuple[str, str, int]]:
        """How many have which attribute, the most frequent first."""
        name, value = listing_attributes.c.name, listing_attributes.c.value
        query = select(name, value, func.count()).join(
            self.found, self.found.c.product_id == listing_attributes.c.product_id
        )
        return self._rows(query.group_by(name, value).order_by(func.count().desc(), name, value))

    def _grouped(self, column: ColumnElement[Any]) -> Select[Any]:
        query = select(column, func.count()).join(
            self.found, self.found.c.product_id == listings.c.product_id
        )
        return query.group_by(column)

    def _rows(self, query: Any) -> list[Any]:
        return [tuple(row) for row in self._connection.execute(query.limit(_GROUPS))]


def facets(connection: Connection, wanted: Wanted) -> Facets:
    """The counts beside each filter of what is wanted."""
    every = _Counted(connection, wanted)

    def others(dimension: str, *, chosen: bool) -> _Counted:
        return _Counted(connection, wanted.without(dimension)) if chosen else every

    stocked = others("in_stock", chosen=wanted.in_stock)
    brands = others("brand", chosen=wanted.brand is not None)
    any_price = replace(wanted, price_min=None, price_max=None)
    prices = every if any_price == wanted else _Counted(connection, any_price)
    around = others("category", chosen=bool(wanted.category))
    attributes = _attributes(every)
    for name in wanted.attributes:
        left = others(f"attr.{name}", chosen=True)
        attributes[name] = _attributes(left).get(name, [])
    return Facets(
        total=every.total,
        categories=_ways(every, around, wanted.category),
        prices=prices.by_price(),
        brand=[brands.count(value, n) for value, n in brands.by(listings.c.brand) if value][:50],
        in_stock=stocked.count("true", dict(stocked.by(listings.c.in_stock)).get(True, 0)),
        attributes=attributes,
    )


def _attributes(counted: _Counted) -> dict[str, list[Count]]:
    found: dict[str, list[Count]] = {}
    for name, value, number in counted.by_attribute():
        if name in found or len(found) < _NAMES:
            values = found.setdefault(name, [])
            if len(values) < _VALUES:
                values.append(counted.count(value, number))
    return found


def _ways(every: _Counted, around: _Counted, here: tuple[str, ...]) -> Ways:
    inside = every.by_category()
    if not here:
        return Ways(down=_below(every, inside, here), up=[], aside=[])
    outside = around.by_category()
    up = [here[:depth] for depth in range(1, len(here) + 1)]
    beside = _below(around, outside, here[:-1])
    return Ways(
        down=_below(every, inside, here),
        up=[around.count(path[-1], outside[path]) for path in up],
        aside=[one for one in beside if one.value != here[-1]],
    )


def _below(counted: _Counted, by_path: Counter[tuple[str, ...]], above: tuple[str, ...]) -> Counts:
    """The categories directly below one, those with the most first."""
    found = [(number, path) for path, number in by_path.items() if path[:-1] == above]
    return [counted.count(path[-1], n) for n, path in sorted(found, key=lambda one: (-one[0], one))]
