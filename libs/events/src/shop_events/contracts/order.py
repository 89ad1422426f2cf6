"""Events published by the order service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shop_events.contract import Event, Kind, event
from shop_events.values import Money


class PaymentMethod(StrEnum):
    """How the buyer pays."""

    CARD = "card"
    ALIPAY = "alipay"
    WECHAT_PAY = "wechat_pay"
    BALANCE = "balance"
    CASH_ON_DELIVERY = "cash_on_delivery"


class CancelReason(StrEnum):
    """Why an order ended without being completed."""

    BUYER = "buyer"
    MERCHANT = "merchant"
    OUT_OF_STOCK = "out_of_stock"
    EXPIRED = "expired"
    RISK = "risk"
    REFUSED_AT_DOOR = "refused_at_door"


class AskedBy(StrEnum):
    """Who wants a cancellation."""

    BUYER = "buyer"
    MERCHANT = "merchant"
    ADMIN = "admin"


class ReceivedBy(StrEnum):
    """Who said that the goods arrived."""

    BUYER = "buyer"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line as it was ordered. ``payable`` is what all its units cost after discounts."""

    line_id: str
    sku_id: str
    merchant_id: str
    quantity: int
    unit_price: Money
    discount_share: Money
    payable: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundShare:
    """What part of a refund belongs to which merchant, and to which line (None: freight)."""

    merchant_id: str
    amount: Money
    line_id: str | None = None


@event("order.placed", version=1, by="order", key="order_id")
class OrderPlaced(Event):
    """A shopper confirmed a quote. Nothing is reserved or charged yet.

    ``pay_by`` is when order itself will give up; nobody else ends the hold.
    """

    order_id: str
    number: str
    account_id: str
    lines: tuple[OrderLine, ...]
    shipping: Money
    total: Money
    delivery_method: str
    division_code: str
    payment_method: PaymentMethod
    pay_by: datetime


@event(
    "order.delivery_details",
    version=1,
    by="order",
    key="order_id",
    kind=Kind.PRIVATE,
    listeners=("logistics",),
)
class OrderDeliveryDetails(Event):
    """Where and to whom the parcels of an order go. Names a person: never in a log."""

    order_id: str
    recipient: str
    phone: str
    address: str


@event("order.payable", version=1, by="order", key="order_id")
class OrderPayable(Event):
    """Every unit is held: the order may be paid now."""

    order_id: str
    account_id: str
    amount: Money
    method: PaymentMethod
    pay_by: datetime


@event("order.confirmed", version=1, by="order", key="order_id")
class OrderConfirmed(Event):
    """The order is paid, or will be on delivery: it may be packed.

    ``on_delivery``: cash is still to be collected. ``shipping`` is in ``amount``.
    """

    order_id: str
    number: str
    account_id: str
    on_delivery: bool
    lines: tuple[OrderLine, ...]
    shipping: Money
    amount: Money


@event("order.payment_unexpected", version=1, by="order", key="order_id")
class OrderPaymentUnexpected(Event):
    """Money arrived for an order that is cancelled or paid already; it must go back (P9)."""

    order_id: str
    payment_id: str
    amount: Money


@event("order.cancellation_requested", version=1, by="order", key="order_id")
class OrderCancellationRequested(Event):
    """Somebody wants a confirmed order cancelled. Logistics decides: the parcel may be gone."""

    order_id: str
    line_ids: tuple[str, ...]
    asked_by: AskedBy


@event("order.cancelled", version=1, by="order", key="order_id")
class OrderCancelled(Event):
    """The order is over. Its holds end and an open payment is voided."""

    order_id: str
    account_id: str
    reason: CancelReason
    lines: tuple[OrderLine, ...]


@event("order.received", version=1, by="order", key="order_id")
class OrderReceived(Event):
    """The goods of these parcels arrived. Return and review windows open; money settles.

    ``shares`` is what each merchant earned with it, commission not yet taken.
    """

    order_id: str
    account_id: str
    parcel_ids: tuple[str, ...]
    line_ids: tuple[str, ...]
    shares: tuple[RefundShare, ...]
    by: ReceivedBy


@event("order.completed", version=1, by="order", key="order_id")
class OrderCompleted(Event):
    """The return window is over and no case is open: nothing about this order will change."""

    order_id: str
    account_id: str
    line_ids: tuple[str, ...]


@event("order.refund_requested", version=1, by="order", key="order_id")
class OrderRefundRequested(Event):
    """What was cancelled is to be paid back, by the allocation frozen in the order (M7)."""

    refund_id: str
    order_id: str
    amount: Money
    shares: tuple[RefundShare, ...]
    reason: str
