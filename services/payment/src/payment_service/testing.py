"""Ann buys a mug of Mo's and a kettle of Kim's, 30.00 in all: the facts as payment hears them.

Used by payment's tests and by the journeys. The cards are those of the pretend card provider.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from shop_events.contracts.logistics import CashCollected
from shop_events.contracts.order import (
    CancelReason,
    OrderCancelled,
    OrderConfirmed,
    OrderLine,
    OrderPayable,
    OrderPaymentUnexpected,
    OrderReceived,
    OrderRefundRequested,
    PaymentMethod,
    ReceivedBy,
    RefundShare,
)
from shop_events.values import Money, total

ANN: Final = "ann"
ORDER: Final = "o-1"
MO, KIM = "m-mo", "m-kim"
PAY_BY: Final = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)  # half an hour after a ManualClock starts


GOOD_CARD: Final = "pm_card_visa"
POOR_CARD: Final = "pm_card_chargeDeclinedInsufficientFunds"
SEEN_CARD: Final = "pm_card_authenticationRequired"  # its bank wants to see the buyer first


def page_of(payment: Mapping[str, Any]) -> str:
    """Where, under the API's prefix, the page is to which the buyer of ``payment`` must go.

    ``POST {"outcome": "approve"}`` (or ``refuse``) there decides as the buyer.
    """
    url: str = payment["action"]["url"]
    return urlsplit(url).path.removeprefix("/api/v1")


def cny(amount: str) -> Money:
    """So many yuan."""
    return Money.of(amount, "CNY")


TOTAL: Final = cny("30.00")
MUG: Final = RefundShare(merchant_id=MO, line_id="1", amount=cny("9.99"))
KETTLE: Final = RefundShare(merchant_id=KIM, line_id="2", amount=cny("15.01"))
SHIPPING: Final = RefundShare(merchant_id=KIM, line_id=None, amount=cny("5.00"))


def payable(order_id: str = ORDER, *, amount: Money = TOTAL, account_id: str = ANN) -> OrderPayable:
    """The order may be paid."""
    return OrderPayable(
        order_id=order_id,
        account_id=account_id,
        amount=amount,
        method=PaymentMethod.CARD,
        pay_by=PAY_BY,
    )


def confirmed(order_id: str = ORDER, *, on_delivery: bool = False) -> OrderConfirmed:
    """The order is paid, or will be at the door."""
    return OrderConfirmed(
        order_id=order_id,
        number="261122MUG",
        account_id=ANN,
        on_delivery=on_delivery,
        lines=(_line(MUG), _line(KETTLE)),
        shipping=SHIPPING.amount,
        amount=TOTAL,
    )


def cancelled(
    order_id: str = ORDER, *, reason: CancelReason = CancelReason.BUYER
) -> OrderCancelled:
    """The order is over."""
    return OrderCancelled(order_id=order_id, account_id=ANN, reason=reason, lines=())


def unexpected(payment_id: str, order_id: str = ORDER) -> OrderPaymentUnexpected:
    """The order does not want this money."""
    return OrderPaymentUnexpected(order_id=order_id, payment_id=payment_id, amount=TOTAL)


def refund_requested(
    refund_id: str, shares: Iterable[RefundShare] = (MUG,), *, order_id: str = ORDER
) -> OrderRefundRequested:
    """Something of the order will not be delivered."""
    shares = tuple(shares)
    return OrderRefundRequested(
        refund_id=refund_id,
        order_id=order_id,
        amount=total((share.amount for share in shares), "CNY"),
        shares=shares,
        reason="buyer",
    )


def received(parcel_id: str, shares: Iterable[RefundShare]) -> OrderReceived:
    """Ann has the goods of a parcel."""
    shares = tuple(shares)
    return OrderReceived(
        order_id=ORDER,
        account_id=ANN,
        parcel_ids=(parcel_id,),
        line_ids=tuple(share.line_id for share in shares if share.line_id),
        shares=shares,
        by=ReceivedBy.BUYER,
    )


def cash(
    parcel_id: str, amount: Money = TOTAL, *, waybill: str | None = None, order_id: str = ORDER
) -> CashCollected:
    """The carrier took the cash for a parcel."""
    return CashCollected(
        parcel_id=parcel_id, order_id=order_id, amount=amount, carrier="swift", waybill=waybill
    )


def _line(share: RefundShare) -> OrderLine:
    return OrderLine(
        line_id=share.line_id or "",
        sku_id=f"sku-{share.line_id}",
        merchant_id=share.merchant_id,
        quantity=1,
        unit_price=share.amount,
        discount_share=Money.zero("CNY"),
        payable=share.amount,
    )
