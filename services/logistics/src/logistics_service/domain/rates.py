"""Delivery rates: what each method costs where, and in how many days (FEATURES 42, 43)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from logistics_service.domain.errors import RatesUnsound
from logistics_service.domain.way import MethodCode
from shop_events.values import LARGEST_MINOR, Money

DEFAULT: Final = "default"  # the rates of merchants who have none of their own

HEAVIEST_G: Final = 1_000_000
LARGEST_CM3: Final = 1_000_000_000  # of all goods together: a thousand cubic metres
LARGEST_DIVISOR: Final = 1_000_000
MOST_PIECES: Final = 10_000  # an order has fifty lines of 99 units at most
DEAREST: Final = 100_000_000
# No parcel costs that: such a rate is a slip of the pen, and order refuses it too.
BEYOND_PRICE: Final = LARGEST_MINOR // 1_000
MOST_PREFIXES: Final = 4_000  # in all zones together: they travel in one event of 256 KiB


# By what a zone charges: by weight or by piece, whole and never both.
BY_WEIGHT: Final = ("first_g", "step_g")
BY_PIECE: Final = ("first_pieces", "step_pieces")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is to be sent in one parcel; ``goods`` is what it costs (None: not told)."""

    weight_g: int
    pieces: int = 1
    goods: Money | None = None
    volume_cm3: int = 0

    def charged(self, volume_divisor: int | None) -> Load:
        """As heavy as it counts: the goods' weight, or their volume's where that is more."""
        if not volume_divisor:
            return self
        by_volume_g = -(-self.volume_cm3 * 1_000 // volume_divisor)
        return replace(self, weight_g=max(self.weight_g, by_volume_g))


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """What a method costs in one region.

    ``divisions`` are prefixes of division codes, none: everywhere else. Up to ``first_g`` a
    parcel costs ``first``, each begun ``step_g`` beyond it ``step``; or, where its units are
    counted instead, up to ``first_pieces`` and for each begun ``step_pieces``. From ``free_over``
    of goods, discounts taken off, it costs nothing.
    """

    divisions: tuple[str, ...]
    first: Money
    step: Money
    first_g: int | None = None
    step_g: int | None = None
    first_pieces: int | None = None
    step_pieces: int | None = None
    free_over: Money | None = None

    def price(self, load: Load) -> Money | None:
        """What a parcel with this in it costs; None where no parcel could, as at the checkout."""
        minor = self.first.minor + self.step.minor * self._steps(load)
        if minor > BEYOND_PRICE:
            return None
        goods = load.goods
        free = goods is not None and self.free_over is not None and goods >= self.free_over
        return Money(0 if free else minor, self.first.currency)

    def _steps(self, load: Load) -> int:
        """How many steps beyond the first price are begun."""
        if self.measures == BY_PIECE:
            many, first, step = load.pieces, self.first_pieces, self.step_pieces
        else:
            many, first, step = load.weight_g, self.first_g, self.step_g
        return -(-max(0, many - (first or 0)) // step) if step else 0

    @property
    def measures(self) -> tuple[str, ...]:
        """What it names to charge by: `BY_WEIGHT` or `BY_PIECE` if it is sound."""
        names = (*BY_WEIGHT, *BY_PIECE)
        return tuple(name for name in names if getattr(self, name) is not None)

    @property
    def amounts(self) -> tuple[Money, ...]:
        """Every amount in it."""
        named = (self.first, self.step, self.free_over)
        return tuple(amount for amount in named if amount is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to get goods to the buyer. ``days`` is the most it takes, from shipping.

    ``volume_divisor``: how many cm3 count as a kilogram; None: volume does not count.
    """

    code: MethodCode
    zones: tuple[Zone, ...]
    days: int
    traceable: bool
    cash_on_delivery: bool
    volume_divisor: int | None = None

    @property
    def pick_up(self) -> bool:
        """Whether the buyer fetches the goods."""
        return self.code is MethodCode.PICK_UP

    def zone_of(self, division_code: str) -> Zone | None:
        """The region with the longest prefix of the code; None where it does not deliver."""
        fitting = (
            (len(prefix), zone)
            for zone in self.zones
            for prefix in zone.divisions or ("",)
            if division_code.startswith(prefix)
        )
        return max(fitting, key=lambda one: one[0], default=(0, None))[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A method that delivers to a place, and what it costs there."""

    method: Method
    zone: Zone
    price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """All methods of a merchant, or of all who have none. ``version`` 0: there are none yet."""

    rates_id: str
    version: int = 0
    methods: tuple[Method, ...] = ()

    def options(self, division_code: str, load: Load) -> tuple[Option, ...]:
        """How these goods can be delivered there."""
        found = []
        for method in self.methods:
            zone = method.zone_of(division_code)
            price = zone.price(load.charged(method.volume_divisor)) if zone else None
            if zone and price is not None:
                found.append(Option(method=method, zone=zone, price=price))
        return tuple(found)

    @property
    def currency(self) -> str:
        """The one currency of all its amounts."""
        return self.methods[0].zones[0].first.currency


def must_be_sound(methods: tuple[Method, ...]) -> None:
    """Refuse rates by which a parcel would have two prices, or none that can be said.

    Raises:
        RatesUnsound: a method or a prefix stands there twice, a zone charges neither by weight
            nor by piece or by both, an amount is below zero or absurd, or there are several
            currencies; each is named with its place.
    """
    problems = [
        *_of_codes(methods),
        *_of_zones(methods),
        *_of_measures(methods),
        *_of_amounts(methods),
    ]
    if problems:
        raise RatesUnsound(problems)


def _of_codes(methods: tuple[Method, ...]) -> Iterator[str]:
    for code in _twice(method.code for method in methods):
        yield f"The method {code} stands there twice."


def _of_zones(methods: tuple[Method, ...]) -> Iterator[str]:
    if sum(len(zone.divisions) for one in methods for zone in one.zones) > MOST_PREFIXES:
        yield f"All zones together have {MOST_PREFIXES} prefixes at most."
    for method in methods:
        prefixes = (one for zone in method.zones for one in zone.divisions or ("",))
        for prefix in _twice(prefixes):
            what = f"the prefix {prefix}" if prefix else "everywhere else"
            yield f"Two zones of {method.code} are for {what}."


def _of_measures(methods: tuple[Method, ...]) -> Iterator[str]:
    for method in methods:
        for place, zone in enumerate(method.zones):
            if zone.measures not in (BY_WEIGHT, BY_PIECE):
                named = ", ".join(zone.measures) or "neither"
                yield (
                    f"zones.{place} of {method.code} charges by first_g and step_g, or by "
                    f"first_pieces and step_pieces; it names {named}."
                )


def _of_amounts(methods: tuple[Method, ...]) -> Iterator[str]:
    amounts = [one for method in methods for zone in method.zones for one in zone.amounts]
    if len({amount.currency for amount in amounts}) > 1:
        yield "All amounts are in one currency."
    for amount in amounts:
        if not 0 <= amount.minor <= DEAREST:
            yield f"{amount.amount} is no price of a delivery."


def _twice(words: Iterable[str]) -> list[str]:
    return sorted(word for word, times in Counter(words).items() if times > 1)


def _zone(*divisions: str, first: str, step: str, free_over: str | None = None) -> Zone:
    return Zone(
        divisions=divisions,
        first_g=1000,
        first=Money.of(first, "CNY"),
        step_g=1000,
        step=Money.of(step, "CNY"),
        free_over=None if free_over is None else Money.of(free_over, "CNY"),
    )


# What a new shop begins with; its warehouse is in Shanghai. Prefixes are those of GB/T 2260:
# 31 Shanghai, 32 Jiangsu, 33 Zhejiang, 54 Tibet, 65 Xinjiang.
FIRST_METHODS: Final = (
    Method(
        code=MethodCode.EXPRESS,
        zones=(
            _zone("31", "32", "33", first="8.00", step="2.00", free_over="99.00"),
            _zone("54", "65", first="20.00", step="12.00"),
            _zone(first="12.00", step="5.00", free_over="199.00"),
        ),
        days=3,
        traceable=True,
        cash_on_delivery=True,
    ),
    Method(
        code=MethodCode.POST,
        zones=(_zone(first="5.00", step="3.00"),),
        days=10,
        traceable=False,
        cash_on_delivery=False,
    ),
    Method(
        code=MethodCode.OWN_DELIVERY,
        zones=(_zone("31", first="6.00", step="1.00", free_over="59.00"),),
        days=1,
        traceable=False,
        cash_on_delivery=True,
    ),
    Method(
        code=MethodCode.PICK_UP,
        zones=(_zone("31", first="0.00", step="0.00"),),
        days=1,
        traceable=False,
        cash_on_delivery=False,
    ),
)
