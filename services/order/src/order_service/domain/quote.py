"""A priced offer to one buyer, valid for a short time and good for one order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from order_service.domain.errors import QuoteExpired, QuoteNotFound, QuoteUsed
from order_service.domain.line import Line
from order_service.domain.order import Freight
from shop_events.values import Money, total


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """So many units at the price seen when the quote was made."""

    sku_id: str
    merchant_id: str
    name: str
    quantity: int
    unit_price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Who gets the parcels and where. Personal: it leaves this service by private event only."""

    recipient: str
    phone: str
    division_code: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What ``account_id`` may order until ``expires_at``, and for how much."""

    id: str
    account_id: str
    lines: tuple[QuoteLine, ...]
    discount: Money
    shipping: Money
    delivery_method: str
    destination: Destination
    expires_at: datetime
    order_id: str | None = None

    @property
    def currency(self) -> str:
        """The one currency of all its amounts."""
        return self.discount.currency

    @property
    def goods(self) -> Money:
        """What the goods cost before the discount."""
        return total((line.unit_price * line.quantity for line in self.lines), self.currency)

    def use(self, account_id: str, now: datetime) -> None:
        """Make sure that ``account_id`` may turn it into an order now.

        Raises:
            QuoteNotFound: it is somebody else's.
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
        """The order's lines, the discount allocated over them by largest remainder (M3, M5)."""
        nets = [(line.unit_price * line.quantity).minor for line in self.lines]
        discount = min(self.discount, self.goods)
        shares = discount.allocate(nets)
        return tuple(
            Line(
                line_id=str(number),
                sku_id=line.sku_id,
                merchant_id=line.merchant_id,
                name=line.name,
                quantity=line.quantity,
                unit_price=line.unit_price,
                discount_share=share,
            )
            for number, (line, share) in enumerate(zip(self.lines, shares, strict=True), start=1)
        )

    def freights(self) -> tuple[Freight, ...]:
        """Each merchant's part of the shipping, by the price of its goods."""
        weights: dict[str, int] = defaultdict(int)
        for line in self.lines:
            weights[line.merchant_id] += (line.unit_price * line.quantity).minor
        parts = self.shipping.allocate(list(weights.values()))
        return tuple(
            Freight(merchant_id=merchant_id, amount=amount)
            for merchant_id, amount in zip(weights, parts, strict=True)
        )
