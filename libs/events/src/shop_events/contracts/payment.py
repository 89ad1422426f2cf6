"""Events published by the payment service."""

from __future__ import annotations

from shop_events.contract import Event, event
from shop_events.contracts.order import PaymentMethod, RefundShare
from shop_events.values import Money


@event("payment.confirmed", version=1, by="payment", key="payment_id")
class PaymentConfirmed(Event):
    """The provider captured the money; undoing it is a refund."""

    payment_id: str
    order_id: str
    method: PaymentMethod
    amount: Money


@event("payment.failed", version=1, by="payment", key="payment_id")
class PaymentFailed(Event):
    """The provider refused. Until the order's deadline the buyer may try again."""

    payment_id: str
    order_id: str
    code: str
    may_retry: bool


@event("payment.refunded", version=1, by="payment", key="refund_id")
class PaymentRefunded(Event):
    """The money is on its way back to the buyer, or is not owed any more.

    Where there is no payment, as with cash on delivery, ``payment_id`` is the order's id.
    ``amount`` is what was asked for less what people had paid back of the same lines by hand
    before; zero where nothing was left.
    """

    refund_id: str
    payment_id: str
    order_id: str
    amount: Money
    shares: tuple[RefundShare, ...]


@event("payment.refund_failed", version=1, by="payment", key="refund_id")
class PaymentRefundFailed(Event):
    """The provider refused the refund; people must look."""

    refund_id: str
    payment_id: str
    order_id: str
    amount: Money
    code: str
