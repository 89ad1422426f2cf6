"""Ann buys two mugs of one potter and a teapot of another. Every event tells a part of it.

An event of a new contract gets its example here; then run ``python -m shop_events.golden add``.
A committed example is never changed: what was once on the wire has to be readable for ever.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from shop_events.contract import Event
from shop_events.contracts import logistics, order, payment
from shop_events.golden import SAID_AT
from shop_events.golden.goods import GOODS
from shop_events.golden.people import PEOPLE
from shop_events.values import Money

ANN: Final = "0193540f-6c00-7000-8000-0000000a0001"
ORDER: Final = "01935410-1a00-7000-8000-00000000d001"
POTTER: Final = "0193540a-0000-7000-8000-0000000e0001"
TEAHOUSE: Final = "0193540a-0000-7000-8000-0000000e0002"
MUG: Final = "MUG-BLUE-300ML"
TEAPOT: Final = "TEAPOT-CLAY-1L"
MUG_LINE: Final = f"{ORDER}-1"
TEAPOT_LINE: Final = f"{ORDER}-2"
FULFILMENT: Final = "01935412-0000-7000-8000-0000000f0001"
PARCEL: Final = "01935415-0000-7000-8000-0000000b0001"
PAYMENT: Final = "01935411-0000-7000-8000-0000000c0001"
REFUND: Final = "01935418-0000-7000-8000-0000000c0002"


def cny(amount: str) -> Money:
    """So many yuan."""
    return Money.of(amount, "CNY")


_MUGS = order.OrderLine(
    line_id=MUG_LINE,
    sku_id=MUG,
    merchant_id=POTTER,
    quantity=2,
    unit_price=cny("19.90"),
    discount_share=cny("3.11"),
    payable=cny("36.69"),
)
_TEAPOT = order.OrderLine(
    line_id=TEAPOT_LINE,
    sku_id=TEAPOT,
    merchant_id=TEAHOUSE,
    quantity=1,
    unit_price=cny("88.00"),
    discount_share=cny("6.89"),
    payable=cny("81.11"),
)
_BOTH_MUGS = (logistics.ShipmentLine(line_id=MUG_LINE, sku_id=MUG, quantity=2),)
_SHARES = (
    order.RefundShare(merchant_id=POTTER, amount=cny("36.69"), line_id=MUG_LINE),
    order.RefundShare(merchant_id=POTTER, amount=cny("8.00")),
)

_ORDER: tuple[Event, ...] = (
    order.OrderPlaced(
        order_id=ORDER,
        number="2611220800-4711",
        account_id=ANN,
        lines=(_MUGS, _TEAPOT),
        shipping=cny("8.00"),
        total=cny("125.80"),
        delivery_method="standard",
        division_code="310115",
        payment_method=order.PaymentMethod.ALIPAY,
        pay_by=SAID_AT + timedelta(minutes=30),
    ),
    order.OrderDeliveryDetails(
        order_id=ORDER,
        recipient="王安",
        phone="+8613800000000",
        address="上海市浦东新区世纪大道 1 号",
    ),
    order.OrderPayable(
        order_id=ORDER,
        account_id=ANN,
        amount=cny("125.80"),
        method=order.PaymentMethod.ALIPAY,
        pay_by=SAID_AT + timedelta(minutes=30),
    ),
    order.OrderConfirmed(
        order_id=ORDER,
        number="2611220800-4711",
        account_id=ANN,
        on_delivery=False,
        lines=(_MUGS, _TEAPOT),
        shipping=cny("8.00"),
        amount=cny("125.80"),
    ),
    order.OrderPaymentUnexpected(order_id=ORDER, payment_id=PAYMENT, amount=cny("125.80")),
    order.OrderCancellationRequested(
        order_id=ORDER, line_ids=(MUG_LINE,), asked_by=order.AskedBy.BUYER
    ),
    order.OrderCancelled(
        order_id=ORDER,
        account_id=ANN,
        reason=order.CancelReason.EXPIRED,
        lines=(_MUGS, _TEAPOT),
    ),
    order.OrderReceived(
        order_id=ORDER,
        account_id=ANN,
        parcel_ids=(PARCEL,),
        line_ids=(MUG_LINE,),
        shares=_SHARES,
        by=order.ReceivedBy.BUYER,
    ),
    order.OrderCompleted(order_id=ORDER, account_id=ANN, line_ids=(MUG_LINE, TEAPOT_LINE)),
    order.OrderRefundRequested(
        refund_id=REFUND, order_id=ORDER, amount=cny("44.69"), shares=_SHARES, reason="buyer"
    ),
)

_PAYMENT: tuple[Event, ...] = (
    payment.PaymentConfirmed(
        payment_id=PAYMENT,
        order_id=ORDER,
        method=order.PaymentMethod.ALIPAY,
        amount=cny("125.80"),
    ),
    payment.PaymentFailed(
        payment_id=PAYMENT, order_id=ORDER, code="insufficient_funds", may_retry=True
    ),
    payment.PaymentRefunded(
        refund_id=REFUND,
        payment_id=PAYMENT,
        order_id=ORDER,
        amount=cny("44.69"),
        shares=_SHARES,
    ),
    payment.PaymentRefundFailed(
        refund_id=REFUND,
        payment_id=PAYMENT,
        order_id=ORDER,
        amount=cny("44.69"),
        code="account_closed",
    ),
)

_LOGISTICS: tuple[Event, ...] = (
    logistics.StockLevelChanged(sku_id=MUG, available=7, band=logistics.StockBand.LOW, version=42),
    logistics.StockReserved(order_id=ORDER),
    logistics.StockRejected(
        order_id=ORDER,
        shortages=(logistics.Shortage(sku_id=TEAPOT, wanted=1, available=0),),
    ),
    logistics.FulfilmentCreated(
        fulfilment_id=FULFILMENT,
        order_id=ORDER,
        merchant_id=POTTER,
        warehouse_id="shanghai-1",
        lines=_BOTH_MUGS,
    ),
    logistics.FulfilmentCancelled(fulfilment_id=FULFILMENT, order_id=ORDER, lines=_BOTH_MUGS),
    logistics.FulfilmentCancellationRefused(
        fulfilment_id=FULFILMENT, order_id=ORDER, lines=_BOTH_MUGS, why="shipped"
    ),
    logistics.ParcelPacked(
        parcel_id=PARCEL, fulfilment_id=FULFILMENT, order_id=ORDER, lines=_BOTH_MUGS
    ),
    logistics.ParcelShipped(
        parcel_id=PARCEL,
        fulfilment_id=FULFILMENT,
        order_id=ORDER,
        carrier="pretend",
        waybill="PX0000000042",
        lines=_BOTH_MUGS,
    ),
    logistics.ParcelWaybillCorrected(
        parcel_id=PARCEL,
        fulfilment_id=FULFILMENT,
        order_id=ORDER,
        carrier="pretend",
        waybill="PX0000000024",
        lines=_BOTH_MUGS,
        version=1,
    ),
    logistics.ParcelTraceAdded(
        parcel_id=PARCEL,
        order_id=ORDER,
        state=logistics.TraceState.IN_TRANSIT,
        place="上海",
        at=SAID_AT + timedelta(hours=20),
    ),
    logistics.ParcelDelivered(
        parcel_id=PARCEL,
        order_id=ORDER,
        lines=_BOTH_MUGS,
        signed_at=SAID_AT + timedelta(hours=28),
    ),
    logistics.ParcelRefused(parcel_id=PARCEL, order_id=ORDER, lines=_BOTH_MUGS),
    logistics.ParcelLost(parcel_id=PARCEL, order_id=ORDER, lines=_BOTH_MUGS),
    logistics.ParcelReturned(parcel_id=PARCEL, order_id=ORDER, lines=_BOTH_MUGS),
    logistics.CashCollected(
        parcel_id=PARCEL, order_id=ORDER, amount=cny("44.69"), carrier="pretend"
    ),
)

SAMPLES: Final[tuple[Event, ...]] = (*PEOPLE, *GOODS, *_ORDER, *_PAYMENT, *_LOGISTICS)
