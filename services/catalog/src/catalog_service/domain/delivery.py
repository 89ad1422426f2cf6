"""What it would cost to have one unit sent, before anybody orders (FEATURES 17).

It is an estimate: what is paid order works out, from the whole basket and by the same rules. A test
of the suite holds the two equal, and both to logistics, whose rates they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from catalog_service.domain.text import Texts
from shop_events.values import LARGEST_MINOR, Money

DEFAULT: Final = "default"  # whose rates hold for merchants without their own
TITLES: Final[dict[str, Texts]] = {
    "express": {"zh-CN": "快递", "en": "Express"},
    "post": {"zh-CN": "平邮", "en": "Post"},
    "own_delivery": {"zh-CN": "商家配送", "en": "Brought by the seller"},
    "pick_up": {"zh-CN": "到店自取", "en": "Pick-up"},
}
# No parcel costs that: such a rate is a slip of the pen, and order refuses it too.
_DEAREST: Final = LARGEST_MINOR // 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit of a SKU, in a parcel of its own."""

    weight_g: int
    price: Money
    volume_cm3: int = 0

    def charged(self, volume_divisor: int | None) -> Unit:
        """As heavy as it counts: its weight, or that of its volume where that is more."""
        if not volume_divisor:
            return self
        by_volume_g = -(-self.volume_cm3 * 1_000 // volume_divisor)
        return replace(self, weight_g=max(self.weight_g, by_volume_g))


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """What a method costs in one region: ``first``, and ``step`` for each step begun beyond it.

    Weight is counted from ``first_g`` on in steps of ``step_g``; or units, where ``first_pieces``
    is said. ``divisions`` are prefixes of division codes; none means everywhere else.
    """

    divisions: tuple[str, ...]
    first_g: int
    first: Money
    step_g: int
    step: Money
    free_over: Money | None = None
    first_pieces: int | None = None
    step_pieces: int | None = None

    def digits_of(self, division: str) -> int | None:
        """With how many digits the zone names this place; None where it does not."""
        named = [len(one) for one in self.divisions or ("",) if division.startswith(one)]
        return max(named, default=None)

    def price_of(self, unit: Unit) -> Money | None:
        """What sending it costs; None where these rates can say no price for it."""
        currency = unit.price.currency
        full = self.first.minor + self._steps(unit) * self.step.minor
        if {self.first.currency, self.step.currency} != {currency} or full > _DEAREST:
            return None
        over = self.free_over
        free = over is not None and over.currency == currency and unit.price >= over
        return Money(0 if free else full, currency)

    def _steps(self, unit: Unit) -> int:
        beyond, step = unit.weight_g - self.first_g, self.step_g
        if self.first_pieces is not None:
            beyond, step = 1 - self.first_pieces, self.step_pieces or 0
        return -(-max(0, beyond) // step) if step > 0 else 0


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
        """The zone that names this place most closely; None where the method does not go."""
        named = [
            (digits, zone)
            for zone in self.zones
            if (digits := zone.digits_of(division)) is not None
        ]
        return max(named, key=lambda one: one[0], default=(0, None))[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """A merchant's ways to deliver, or those of all who have none of their own."""

    rates_id: str
    methods: tuple[Method, ...]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A method that goes there, and from what to what it costs; from ``free_over`` on, nothing."""

    method: Method
    price_from: Money
    price_to: Money
    free_over: Money | None


def offers(methods: Sequence[Method], division: str, units: Sequence[Unit]) -> list[Offer]:
    """How any one of these units can get there, in the order of the rates."""
    found = []
    for method in methods:
        zone = method.zone_for(division)
        charged = [unit.charged(method.volume_divisor) for unit in units]
        prices = [zone.price_of(unit) for unit in charged] if zone else []
        told = [price for price in prices if price is not None]
        if zone and told:
            low, high = min(told), max(told)
            found.append(
                Offer(method=method, price_from=low, price_to=high, free_over=zone.free_over)
            )
    return found


def cheapest(found: Sequence[Offer]) -> Offer | None:
    """What brings the goods for the least; what the buyer fetches himself brings nothing."""
    brought = [one for one in found if not one.method.pick_up]
    return min(brought, key=lambda one: one.price_from, default=None)
