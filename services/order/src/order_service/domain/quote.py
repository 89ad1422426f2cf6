"""A priced offer to one buyer, valid for a short time and good for one order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from order_service.domain.catalogue import Goods
from order_service.domain.errors import QuoteExpired, QuoteNotFound, QuoteUsed
from order_service.domain.explanation import Rule
from order_service.domain.line import Line
from order_service.domain.order import Freight
from shop_events.values import Money, total

NOBODY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """So many units at the price seen when the quote was made, and their part of the discount.

    ``goods`` is what they were then; a quote whose prices were given has none.
    """

    sku_id: str
    merchant_id: str
    name: str
    quantity: int
    unit_price: Money
    discount_share: Money
    goods: Goods | None = None

    @property
    def gross(self) -> Money:
        """What they cost before the discount."""
        return self.unit_price * self.quantity

    @property
    def payable(self) -> Money:
        """What they cost."""
        return self.gross - self.discount_share


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Who gets the parcels and where. Personal: it leaves this service by private event only.

    An estimate knows the division alone.
    """

    division_code: str
    recipient: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryOption:
    """A way to get the goods, as the buyer may choose it. ``days``: at most, from shipping."""

    code: str
    price: Money
    days: int
    traceable: bool
    cash_on_delivery: bool
    pick_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """What one coupon took off."""

    coupon_id: str
    promotion_id: str
    merchant_id: str | None
    title: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the shop worked out by itself: the ways to deliver and pay, the coupons, and why."""

    options: tuple[DeliveryOption, ...]
    payment_methods: tuple[str, ...]
    discounts: tuple[Discount, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What ``account_id`` may order until ``expires_at``, and for how much.

    ``offer`` is None where the prices were given (development alone, ADR 8).
    """

    id: str
    account_id: str
    lines: tuple[QuoteLine, ...]
    freights: tuple[Freight, ...]
    currency: str
    delivery_method: str
    destination: Destination
    expires_at: datetime
    order_id: str | None = None
    offer: Offer | None = None

    @property
    def binding(self) -> bool:
        """Whether it can be ordered: it is somebody's, and says to whom the goods go."""
        return self.account_id != NOBODY and self.destination.recipient != ""

    @property
    def goods(self) -> Money:
        """What the goods cost before the discount."""
        return total((line.gross for line in self.lines), self.currency)

    @property
    def discount(self) -> Money:
        """What is taken off, all lines together."""
        return total((line.discount_share for line in self.lines), self.currency)

    @property
    def shipping(self) -> Money:
        """What shipping costs, all merchants together."""
        return total((freight.amount for freight in self.freights), self.currency)

    @property
    def total(self) -> Money:
        """What an order of it costs."""
        return self.goods - self.discount + self.shipping

    @property
    def option(self) -> DeliveryOption | None:
        """The chosen way to deliver; None where the prices were given."""
        options = self.offer.options if self.offer else ()
        return next((one for one in options if one.code == self.delivery_method), None)

    def use(self, account_id: str, now: datetime) -> None:
        """Make sure that ``account_id`` may turn it into an order now.

        Raises:
            QuoteNotFound: it is somebody else's, or nobody's.
            QuoteUsed: it made an order already.
            QuoteExpired: it is too old.
        """
        if self.account_id != account_id:
            raise QuoteNotFound(self.id)
        if self.order_id is not None:
            raise QuoteUsed(self.id, self.order_id)
        if now >= self.expires_at:
            raise QuoteExpired(self.id)

    def order_lines(self) -> tuple[Line, ...]:
        """The order's lines, each with its part of the discount as it was quoted (M7)."""
        return tuple(
            Line(
                line_id=str(number),
                sku_id=line.sku_id,
                merchant_id=line.merchant_id,
                name=line.name,
                quantity=line.quantity,
                unit_price=line.unit_price,
                discount_share=line.discount_share,
                goods=line.goods,
            )
            for number, line in enumerate(self.lines, start=1)
        )


def share_out(lines: Sequence[QuoteLine], discount: Money) -> tuple[QuoteLine, ...]:
    """A given discount, allocated over the lines by largest remainder (M3, M5)."""
    nets = [line.gross.minor for line in lines]
    shares = min(discount, Money(sum(nets), discount.currency)).allocate(nets)
    return tuple(
        replace(line, discount_share=share) for line, share in zip(lines, shares, strict=True)
    )


def share_freight(lines: Sequence[QuoteLine], shipping: Money) -> tuple[Freight, ...]:
    """A given shipping cost, allocated to the merchants by the price of their goods."""
    weights: dict[str, int] = defaultdict(int)
    for line in lines:
        weights[line.merchant_id] += line.gross.minor
    parts = shipping.allocate(list(weights.values()))
    return tuple(
        Freight(merchant_id=merchant_id, amount=amount)
        for merchant_id, amount in zip(weights, parts, strict=True)
    )
