"""How many more there would be: counts beside each filter, its own left off (disjunctive).

Whoever chose blue is told how many are red. Counting stops at ``COUNTED`` products; what is told
then is the least there is, and said to be so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Subquery, func, select

from catalog_service.store.search import Wanted, matches
from catalog_service.store.tables import listing_attributes, listings

COUNTED: Final = 5_000
MOST_SHOWN: Final = 1_000
_NAMES: Final = 12
_VALUES: Final = 12
_GROUPS: Final = 300


@dataclass(frozen=True, slots=True)
class Count:
    """``number`` products have ``value``; with ``at_least`` there may be more."""

    value: str
    number: int
    at_least: bool


Counts = Sequence[Count]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """The counts beside each filter. ``category`` counts what lies below the present category."""

    total: Count
    category: Counts
    brand: Counts
    in_stock: Count
    attributes: Mapping[str, Counts]


class _Counted:
    """Everything that is wanted, up to a limit, asked for once."""

    def __init__(self, connection: Connection, wanted: Wanted) -> None:
        self._connection = connection
        self.found: Subquery = matches(connection, wanted).limit(COUNTED).subquery()
        total = connection.scalar(select(func.count()).select_from(self.found)) or 0
        self.cut = total >= COUNTED
        self.total = self.count("total", total)

    def count(self, value: str, number: int) -> Count:
        """A count as it may be told."""
        return Count(value, min(number, MOST_SHOWN), self.cut or number > MOST_SHOWN)

    def by(self, column: ColumnElement[Any]) -> list[tuple[Any, int]]:
        """How many have which value of a listing's column, the most frequent first."""
        query = select(column, func.count()).join(
            self.found, self.found.c.product_id == listings.c.product_id
        )
        return self._rows(query.group_by(column).order_by(func.count().desc(), column))

    def by_attribute(self) -> list[tuple[str, str, int]]:
        """How many have which attribute, the most frequent first."""
        name, value = listing_attributes.c.name, listing_attributes.c.value
        query = select(name, value, func.count()).join(
            self.found, self.found.c.product_id == listing_attributes.c.product_id
        )
        return self._rows(query.group_by(name, value).order_by(func.count().desc(), name, value))

    def _rows(self, query: Any) -> list[Any]:
        return [tuple(row) for row in self._connection.execute(query.limit(_GROUPS))]


def facets(connection: Connection, wanted: Wanted) -> Facets:
    """The counts beside each filter of what is wanted."""
    every = _Counted(connection, wanted)

    def others(dimension: str, *, chosen: bool) -> _Counted:
        return _Counted(connection, wanted.without(dimension)) if chosen else every

    stocked = others("in_stock", chosen=wanted.in_stock)
    brands = others("brand", chosen=wanted.brand is not None)
    attributes = _attributes(every)
    for name in wanted.attributes:
        left = others(f"attr.{name}", chosen=True)
        attributes[name] = _attributes(left).get(name, [])
    return Facets(
        total=every.total,
        category=_categories(every, wanted.category),
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


def _categories(counted: _Counted, above: tuple[str, ...]) -> list[Count]:
    below: Counter[str] = Counter()
    for path, number in counted.by(listings.c.category_path):
        parts = path.split("/")[:-1]
        if len(parts) > len(above):
            below[parts[len(above)]] += number
    return [counted.count(one, number) for one, number in below.most_common()]
