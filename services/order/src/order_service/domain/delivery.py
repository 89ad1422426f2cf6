"""What it costs to get the goods to the buyer (FEATURES 42, 43).

Each merchant sends its own parcel: by its own rates, or by those that hold for all who have none.
A way to deliver is offered only if every merchant of the basket has it and it goes there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from shop_events.values import LARGEST_MINOR, Money, total

DEFAULT: Final = "default"  # whose rates hold for merchants without their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """What a method costs in one region: ``first`` up to ``first_g``, ``step`` per begun step.

    Where ``first_pieces`` is said, units are counted instead of weighed, in steps of
    ``step_pieces``. ``divisions`` are prefixes of division codes; none means everywhere else. From
    ``free_over`` of a merchant's goods, discounts taken off, it costs nothing.
    """

    divisions: tuple[str, ...]
    first_g: int
    first: Money
    step_g: int
    step: Money
    free_over: Money | None = None
    first_pieces: int | None = None
    step_pieces: int | None = None

    def reach(self, division: str) -> int:
        """How closely the zone fits: the length of its longest prefix; -1 where it does not."""
        if not self.divisions:
            return 0
        return max((len(one) for one in self.divisions if division.startswith(one)), default=-1)

    def steps(self, load: Load) -> int:
        """How many steps beyond the first weight, or the first units, are begun."""
        many, first, step = load.weight_g, self.first_g, self.step_g
        if self.first_pieces is not None:
            many, first, step = load.pieces, self.first_pieces, self.step_pieces or 0
        return -(-max(0, many - first) // step) if step > 0 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to get the goods to the buyer. ``days``: at most, from shipping.

    ``volume_divisor``: how many cm3 count as a kilogram; None: volume does not count.
    """

    code: str
    zones: tuple[Zone, ...]
    days: int
    traceable: bool
    cash_on_delivery: bool
    pick_up: bool = False
    volume_divisor: int | None = None

    def zone_for(self, division: str) -> Zone | None:
        """The zone that fits closest; None where the method does not go."""
        fitting = [zone for zone in self.zones if zone.reach(division) >= 0]
        return max(fitting, key=lambda zone: zone.reach(division), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """A merchant's ways to deliver."""

    rates_id: str
    methods: tuple[Method, ...]
    version: int

    def method(self, code: str) -> Method | None:
        """The method of this code."""
        return next((one for one in self.methods if one.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One merchant's goods of a basket: ``pieces`` are units, of whichever SKU.

    ``goods`` is what they cost, discounts taken off.
    """

    merchant_id: str
    weight_g: int
    pieces: int
    goods: Money
    volume_cm3: int = 0

    def charged(self, volume_divisor: int | None) -> Load:
        """As heavy as it counts: the goods' weight, or their volume's where that is more."""
        if not volume_divisor:
            return self
        by_volume_g = -(-self.volume_cm3 * 1_000 // volume_divisor)
        return replace(self, weight_g=max(self.weight_g, by_volume_g))

    def with_more(self, other: Load) -> Load:
        """Both in one parcel."""
        return replace(
            self,
            weight_g=self.weight_g + other.weight_g,
            pieces=self.pieces + other.pieces,
            volume_cm3=self.volume_cm3 + other.volume_cm3,
            goods=self.goods + other.goods,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What one merchant's parcel costs, and how that came about.

    ``weight_g`` is what it counts as; with ``bulky`` its volume made that, not its weight.
    """

    merchant_id: str
    amount: Money
    free: bool
    weight_g: int
    pieces: int
    steps: int
    zone: Zone
    bulky: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A method that every merchant of the basket offers there, with what it costs together.

    The promise is the weakest of all merchants': the most days, traceable only if all are.
    """

    code: str
    fees: tuple[Fee, ...]
    days: int
    traceable: bool
    cash_on_delivery: bool
    pick_up: bool

    @property
    def price(self) -> Money:
        """All merchants together."""
        return total((fee.amount for fee in self.fees), self.fees[0].amount.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoWay:
    """A method that is not offered, because this merchant does not send there by it."""

    code: str
    merchant_id: str


def ways_to(
    division: str, loads: Sequence[Load], rates: Mapping[str, Rates]
) -> tuple[list[Way], list[NoWay]]:
    """Every way to deliver these loads there, in the order of the rates; and those that fail."""
    ways, refused = [], []
    for code in _codes(loads, rates):
        fees, methods = [], []
        for load in loads:
            method = _rates_of(load.merchant_id, rates).method(code)
            fee = _fee(method, load, division) if method else None
            if method is None or fee is None:
                refused.append(NoWay(code=code, merchant_id=load.merchant_id))
                break
            fees.append(fee)
            methods.append(method)
        else:
            ways.append(_way(code, fees, methods))
    return ways, refused


def _codes(loads: Sequence[Load], rates: Mapping[str, Rates]) -> list[str]:
    methods = (one for load in loads for one in _rates_of(load.merchant_id, rates).methods)
    return list(dict.fromkeys(method.code for method in methods))


def _rates_of(merchant_id: str, rates: Mapping[str, Rates]) -> Rates:
    nobodys = Rates(rates_id=DEFAULT, methods=(), version=0)
    return rates.get(merchant_id) or rates.get(DEFAULT) or nobodys


def _fee(method: Method, load: Load, division: str) -> Fee | None:
    zone = method.zone_for(division)
    currency = load.goods.currency
    if zone is None or {zone.first.currency, zone.step.currency} != {currency}:
        return None
    charged = load.charged(method.volume_divisor)
    steps = zone.steps(charged)
    minor = zone.first.minor + steps * zone.step.minor
    if minor > LARGEST_MINOR // 1_000:  # no parcel costs that; such a rate is a slip of the pen
        return None
    over = zone.free_over
    free = over is not None and over.currency == currency and load.goods >= over
    return Fee(
        merchant_id=load.merchant_id,
        amount=Money(0 if free else minor, currency),
        free=free,
        weight_g=charged.weight_g,
        pieces=load.pieces,
        steps=steps,
        zone=zone,
        bulky=charged.weight_g > load.weight_g,
    )


def _way(code: str, fees: Sequence[Fee], methods: Sequence[Method]) -> Way:
    return Way(
        code=code,
        fees=tuple(fees),
        days=max(method.days for method in methods),
        traceable=all(method.traceable for method in methods),
        cash_on_delivery=all(method.cash_on_delivery for method in methods),
        pick_up=any(method.pick_up for method in methods),
    )
