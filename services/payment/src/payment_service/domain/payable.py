"""What is known about the money of one order. Facts are added in any order; the state follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from payment_service.domain.errors import OrderNotPayable, OrderNotPayableYet
from shop_events.values import Money


class PayableState(StrEnum):
    """Whether the order may be paid now."""

    AWAITED = "awaited"  # something else about the order came first
    OPEN = "open"
    PAID = "paid"
    ON_DELIVERY = "on_delivery"  # the carrier takes the money at the door
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payable:
    """One order's money as far as it was told. Every flag is a fact and never becomes untrue."""

    order_id: str
    account_id: str | None = None
    amount: Money | None = None
    method: str | None = None  # what the buyer meant to pay with
    pay_by: datetime | None = None
    paid: bool = False
    confirmed: bool = False
    on_delivery: bool = False
    cancelled: bool = False

    @property
    def state(self) -> PayableState:
        """Derived: a cancellation outdoes everything, also when it came first."""
        if self.cancelled:
            return PayableState.VOID
        if self.on_delivery:
            return PayableState.ON_DELIVERY
        if self.paid or self.confirmed:
            return PayableState.PAID
        return PayableState.AWAITED if self.pay_by is None else PayableState.OPEN

    @property
    def is_settled(self) -> bool:
        """Whether enough is known of the order's money to pay some of it back."""
        return self.confirmed and (self.paid or self.on_delivery)

    def is_open_at(self, now: datetime) -> bool:
        """Whether money for it is still wanted."""
        return self.state is PayableState.OPEN and self.pay_by is not None and now < self.pay_by

    def due(self, account_id: str, now: datetime) -> Money:
        """What ``account_id`` may pay for the order now.

        Raises:
            OrderNotPayableYet: the order was not told yet, or it is somebody else's: whoever asks
                cannot tell which.
            OrderNotPayable: it is paid, void, paid on delivery, or its time is over.
        """
        if self.account_id not in (None, account_id):
            raise OrderNotPayableYet(self.order_id)
        why = _WHY_NOT.get(self.state)
        if why is not None:
            raise OrderNotPayable(self.order_id, why)
        if self.amount is None or self.pay_by is None:
            raise OrderNotPayableYet(self.order_id)
        if not self.amount:
            raise OrderNotPayable(self.order_id, "it costs nothing")
        if now >= self.pay_by:
            raise OrderNotPayable(self.order_id, "the time to pay is over")
        return self.amount


_WHY_NOT = {
    PayableState.VOID: "it was cancelled",
    PayableState.PAID: "it is paid already",
    PayableState.ON_DELIVERY: "it is paid on delivery",
}
