"""Coupons: what a promotion gives, to whom, and what it takes off a basket (C1, C2, C5, C6).

A merchant's coupon touches its own lines only. The shop's own (of no merchant) comes after those,
on what they have left (C6). At most one of each merchant, and one of the shop, is in an order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from order_service.domain.catalogue import Sku
from shop_events.values import Money, total


class Benefit(StrEnum):
    """What a coupon takes off."""

    AMOUNT = "amount"
    PERCENT = "percent"


class Scope(StrEnum):
    """Which goods a coupon counts for."""

    ALL = "all"  # the whole basket: the shop's own coupons
    MERCHANT = "merchant"  # all goods of its merchant
    PRODUCTS = "products"  # these products of its merchant


class Miss(StrEnum):
    """Why a coupon takes nothing off."""

    NOTHING_FITS = "nothing_fits"
    SPEND_MORE = "spend_more"
    WORTH_NOTHING = "worth_nothing"
    NOT_YET = "not_yet"
    OVER = "over"
    OTHER_BETTER = "other_better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """A kind of coupon: what it gives, how many there are, who may have how many, and when.

    ``percent`` is taken off each unit's price and rounded half up there, not on the sum (M6).
    ``use_days``: a claimed coupon is good for so many days; else until ``use_until``.
    Ending it stops the claiming; coupons that people hold already stay good.
    """

    id: str
    merchant_id: str | None  # None: the shop's own
    title: str
    benefit: Benefit
    amount: Money
    percent: int
    min_spend: Money
    scope: Scope
    product_ids: tuple[str, ...]
    total: int
    per_user: int
    claim_from: datetime
    claim_until: datetime
    use_from: datetime
    use_until: datetime
    use_days: int | None = None
    claimed: int = 0
    ended_at: datetime | None = None
    version: int = 1

    def covers(self, sku: Sku) -> bool:
        """Whether it counts for this SKU."""
        if self.merchant_id is not None and sku.merchant_id != self.merchant_id:
            return False
        return self.scope is not Scope.PRODUCTS or sku.goods.product_id in self.product_ids

    def good_until(self, claimed_at: datetime) -> datetime:
        """Until when a coupon that is claimed then may be used."""
        if self.use_days is None:
            return self.use_until
        return min(self.use_until, max(claimed_at, self.use_from) + timedelta(days=self.use_days))

    def claimable(self, now: datetime) -> bool:
        """Whether it may be claimed now, stock permitting."""
        return self.ended_at is None and self.claim_from <= now < self.claim_until


class CouponState(StrEnum):
    """Where one coupon is (C1). That its time is over is worked out, not stored."""

    ISSUED = "issued"
    LOCKED = "locked"  # an order that is not confirmed yet has it
    USED = "used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """Somebody's own piece of a promotion."""

    id: str
    promotion: Promotion
    account_id: str
    state: CouponState
    valid_from: datetime
    valid_until: datetime
    order_id: str | None = None

    def state_at(self, now: datetime) -> str:
        """What its owner is told of it."""
        over = self.state is CouponState.ISSUED and now >= self.valid_until
        return "expired" if over else self.state.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """So many units of a SKU with what was taken off so far."""

    sku: Sku
    quantity: int
    discount: Money

    @property
    def payable(self) -> Money:
        """What they cost now."""
        return self.sku.price * self.quantity - self.discount

    def less(self, share: Money) -> Priced:
        """With ``share`` more taken off."""
        return replace(self, discount=self.discount + share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a coupon would do to a basket. ``shares`` is by line; on a miss it takes nothing.

    ``odd_on``: the SKUs whose share was rounded up, so that all shares sum to the amount (M3).
    """

    coupon: Coupon
    amount: Money
    shares: tuple[Money, ...] = ()
    odd_on: tuple[str, ...] = ()
    miss: Miss | None = None
    missing: Money | None = None  # how much more has to be spent
    better: str | None = None  # the title of the one that was taken instead


def try_coupon(coupon: Coupon, lines: Sequence[Priced], now: datetime) -> Tried:
    """What the coupon takes off these lines now (C5: measured after what came before it).

    Never more than they cost (M5), allocated over the lines it covers by largest remainder (M3).
    """
    promotion, currency = coupon.promotion, lines[0].sku.price.currency
    covered = [promotion.covers(line.sku) for line in lines]
    nets = [
        line.payable if fits else Money.zero(currency)
        for line, fits in zip(lines, covered, strict=True)
    ]
    spent = total(nets, currency)
    nothing = Tried(coupon=coupon, amount=Money.zero(currency))
    if now >= coupon.valid_until:
        return replace(nothing, miss=Miss.OVER)
    if now < coupon.valid_from:
        return replace(nothing, miss=Miss.NOT_YET)
    if not any(covered) or promotion.min_spend.currency != currency:
        return replace(nothing, miss=Miss.NOTHING_FITS)
    if spent < promotion.min_spend:
        return replace(nothing, miss=Miss.SPEND_MORE, missing=promotion.min_spend - spent)
    shares = _shares(promotion, lines, nets)
    amount = total(shares, currency)
    if not amount:  # C3: a coupon that gave nothing is not consumed
        return replace(nothing, miss=Miss.WORTH_NOTHING)
    odd_on = _odd_on(promotion, lines, nets, shares)
    return Tried(coupon=coupon, amount=amount, shares=shares, odd_on=odd_on)


def best_of(tried: Sequence[Tried]) -> Tried | None:
    """The one that takes most off; of equals the one that ends first, then the older."""
    hits = [one for one in tried if one.miss is None]
    key = lambda one: (-one.amount.minor, one.coupon.valid_until, one.coupon.id)  # noqa: E731
    return min(hits, key=key, default=None)


def _shares(
    promotion: Promotion, lines: Sequence[Priced], nets: Sequence[Money]
) -> tuple[Money, ...]:
    if promotion.benefit is Benefit.AMOUNT:
        spent = total(nets, promotion.amount.currency)
        return min(promotion.amount, spent).allocate([net.minor for net in nets])
    part = Decimal(promotion.percent) / 100
    return tuple(_per_unit(net, line.quantity, part) for line, net in zip(lines, nets, strict=True))


def _odd_on(
    promotion: Promotion,
    lines: Sequence[Priced],
    nets: Sequence[Money],
    shares: Sequence[Money],
) -> tuple[str, ...]:
    if promotion.benefit is Benefit.PERCENT:
        return ()
    given, spent = sum(share.minor for share in shares), sum(net.minor for net in nets)
    rows = zip(lines, nets, shares, strict=True)
    return tuple(
        line.sku.sku_id for line, net, share in rows if share.minor * spent > given * net.minor
    )


def _per_unit(net: Money, quantity: int, part: Decimal) -> Money:
    """M6: rounded for each unit; units of one line differ by one minor unit at most (M4)."""
    each, odd = divmod(net.minor, quantity)
    dearer = Money(each + 1, net.currency).share(part) * odd
    return dearer + Money(each, net.currency).share(part) * (quantity - odd)
