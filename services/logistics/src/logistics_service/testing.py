"""Builders with names: what order tells logistics, and a warehouse to tell it to.

Ann buys mugs and teas. Mo sells mugs and pots, Lin sells teas.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from logistics_service.config import CarrierSecrets
from shop_events.contracts.order import (
    AskedBy,
    CancelReason,
    OrderCancellationRequested,
    OrderCancelled,
    OrderConfirmed,
    OrderDeliveryDetails,
    OrderLine,
    OrderPlaced,
    PaymentMethod,
)
from shop_events.values import Money, total

MO: Final = "m-mo"
LIN: Final = "m-lin"
MUG: Final = "sku-mug"
POT: Final = "sku-pot"
TEA: Final = "sku-tea"

PAY_BY: Final = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
# Swift and Snail speak plainly; Shunda and Yunlu have forms and codes of their own.
CARRIERS: Final = ("swift", "snail", "shunda", "yunlu")
SECRETS: Final = CarrierSecrets.from_text(
    ",".join(f"{name}={name}-secret-of-tests" for name in CARRIERS)
)


def a_line(
    line_id: str,
    sku_id: str = MUG,
    *,
    of: str = MO,
    quantity: int = 1,
    payable: Money | None = None,
) -> OrderLine:
    """A line of 10.00 a piece; ``payable`` if a discount was taken off."""
    price = Money.of("10.00", "CNY")
    paid = price * quantity if payable is None else payable
    return OrderLine(
        line_id=line_id,
        sku_id=sku_id,
        merchant_id=of,
        quantity=quantity,
        unit_price=price,
        discount_share=price * quantity - paid,
        payable=paid,
    )


class AnOrder:
    """What order says of one order of Ann's, in whichever order a test wants to tell it."""

    def __init__(
        self,
        order_id: str = "o-1",
        *lines: OrderLine,
        account_id: str = "ann",
        on_delivery: bool = False,
        shipping: str = "8.00",
        delivery_method: str = "express",
    ) -> None:
        self.id = order_id
        self.lines = lines or (a_line("1"),)
        self.account_id = account_id
        self.on_delivery = on_delivery
        self.delivery_method = delivery_method
        self.shipping = Money.of(shipping, "CNY")

    @property
    def total(self) -> Money:
        """What Ann owes."""
        return total((line.payable for line in self.lines), "CNY") + self.shipping

    def placed(self) -> OrderPlaced:
        """Ann clicked."""
        method = PaymentMethod.CASH_ON_DELIVERY if self.on_delivery else PaymentMethod.CARD
        return OrderPlaced(
            order_id=self.id,
            number=f"N-{self.id}",
            account_id=self.account_id,
            lines=self.lines,
            shipping=self.shipping,
            total=self.total,
            delivery_method=self.delivery_method,
            division_code="330106",
            payment_method=method,
            pay_by=PAY_BY,
        )

    def details(self) -> OrderDeliveryDetails:
        """Where Ann lives."""
        return OrderDeliveryDetails(
            order_id=self.id, recipient="Ann", phone="13800000000", address="West Lake 1"
        )

    def confirmed(self) -> OrderConfirmed:
        """Ann paid, or will at the door."""
        return OrderConfirmed(
            order_id=self.id,
            number=f"N-{self.id}",
            account_id=self.account_id,
            on_delivery=self.on_delivery,
            lines=self.lines,
            shipping=self.shipping,
            amount=self.total,
        )

    def cancellation_requested(
        self, line_ids: Iterable[str] | None = None
    ) -> OrderCancellationRequested:
        """Ann changed her mind after she had paid."""
        wanted = tuple(line.line_id for line in self.lines) if line_ids is None else tuple(line_ids)
        return OrderCancellationRequested(order_id=self.id, line_ids=wanted, asked_by=AskedBy.BUYER)

    def cancelled(self, reason: CancelReason = CancelReason.EXPIRED) -> OrderCancelled:
        """The order is over."""
        return OrderCancelled(
            order_id=self.id, account_id=self.account_id, reason=reason, lines=self.lines
        )
