"""What a basket costs: coupons, then delivery (C5). The same for cart page, quote and order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from order_service.domain import explanation
from order_service.domain.delivery import Load, NoWay, Rates, Way, ways_to
from order_service.domain.explanation import Rule
from order_service.domain.promotion import Coupon, Miss, Priced, Tried, best_of, try_coupon
from order_service.domain.quote import Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Discounted:
    """A basket after its coupons: ``used`` took something off, ``tried`` are all of them."""

    lines: tuple[Priced, ...]
    tried: tuple[Tried, ...]

    @property
    def used(self) -> tuple[Tried, ...]:
        """Those that took something off."""
        return tuple(one for one in self.tried if one.miss is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How the basket can be delivered."""

    offered: tuple[Way, ...]
    refused: tuple[NoWay, ...]

    def find(self, code: str | None) -> Way | None:
        """The way of this code; without one, the first by which the goods come to the buyer."""
        if code is not None:
            return next((way for way in self.offered if way.code == code), None)
        brought = (way for way in self.offered if not way.pick_up)
        return next(brought, next(iter(self.offered), None))


def take_off(lines: Sequence[Priced], coupons: Iterable[Coupon], now: datetime) -> Discounted:
    """Use the best single coupon of each merchant, then the best of the shop's own (C5, C6)."""
    priced, tried = tuple(lines), []
    whose = lambda one: (one.promotion.merchant_id is None, one.promotion.merchant_id or "")  # noqa: E731
    for _, group in groupby(sorted(coupons, key=whose), key=whose):
        found = [try_coupon(one, priced, now) for one in group]
        best = best_of(found)
        if best is not None:
            pairs = zip(priced, best.shares, strict=True)
            priced = tuple(line.less(share) for line, share in pairs)
        tried += [_beside(best, one) for one in found]
    return Discounted(lines=priced, tried=tuple(tried))


def ways_for(loads: Sequence[Load], rates: Mapping[str, Rates], division: str) -> Ways:
    """How these loads can be delivered there; what is free from an amount counts discounts off."""
    offered, refused = ways_to(division, loads, rates)
    return Ways(offered=tuple(offered), refused=tuple(refused))


def loads_of(lines: Sequence[Priced]) -> list[Load]:
    """What each merchant has to send, in the order of the lines."""
    return together(
        Load(
            merchant_id=line.sku.merchant_id,
            weight_g=line.sku.goods.weight_g * line.quantity,
            volume_cm3=line.sku.goods.volume_cm3 * line.quantity,
            pieces=line.quantity,
            goods=line.payable,
        )
        for line in lines
    )


def loads_of_quote(quote: Quote) -> list[Load]:
    """What each merchant has to send of a quote, by what its goods weighed and cost then."""
    return together(
        Load(
            merchant_id=line.merchant_id,
            weight_g=line.goods.weight_g * line.quantity if line.goods else 0,
            volume_cm3=line.goods.volume_cm3 * line.quantity if line.goods else 0,
            pieces=line.quantity,
            goods=line.payable,
        )
        for line in quote.lines
    )


def together(parts: Iterable[Load]) -> list[Load]:
    """One load for each merchant."""
    loads: dict[str, Load] = {}
    for part in parts:
        known = loads.get(part.merchant_id)
        loads[part.merchant_id] = part if known is None else known.with_more(part)
    return list(loads.values())


def rules_of(discounted: Discounted, ways: Ways, chosen: Way) -> tuple[Rule, ...]:
    """Every rule that was tried."""
    return (
        *map(explanation.of_coupon, discounted.tried),
        *map(explanation.of_fee, chosen.fees),
        *map(explanation.of_no_way, ways.refused),
        explanation.of_card(),
        explanation.of_cash(offered=chosen.cash_on_delivery),
    )


def _beside(best: Tried | None, one: Tried) -> Tried:
    if best is None or one is best or one.miss is not None:
        return one
    return replace(
        one,
        amount=one.amount * 0,
        shares=(),
        miss=Miss.OTHER_BETTER,
        better=best.coupon.promotion.title,
    )
