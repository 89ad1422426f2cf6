"""Ann, her order and her parcel: the facts as notification hears them. Imported by tests alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from shop_events.contracts.account import (
    AccountCodeIssued,
    AccountContactChanged,
    Channel,
    CodePurpose,
)
from shop_events.contracts.catalog import (
    CatalogSku,
    LocalText,
    ProductChanged,
    ProductStatus,
    SkuOption,
)
from shop_events.contracts.logistics import ParcelDelivered, ParcelShipped
from shop_events.contracts.order import (
    CancelReason,
    OrderCancelled,
    OrderConfirmed,
    OrderLine,
    OrderPaymentUnexpected,
    OrderPlaced,
    PaymentMethod,
)
from shop_events.contracts.payment import PaymentRefunded
from shop_events.values import Money

ANN: Final = "ann"
ORDER: Final = "o-1"
MAIL: Final = "ann.marked@example.com"
PHONE: Final = "+8613800001234"
NAME: Final = "Ann Marked"
START: Final = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)  # when a ManualClock starts


def cny(amount: str) -> Money:
    """So many yuan."""
    return Money.of(amount, "CNY")


MUGS: Final = OrderLine(
    line_id="1",
    sku_id="sku-mug",
    merchant_id="m-mei",
    quantity=2,
    unit_price=cny("19.90"),
    discount_share=cny("0.00"),
    payable=cny("39.80"),
)


def contact(
    account_id: str = ANN,
    *,
    email: str | None = MAIL,
    phone: str | None = None,
    locale: str = "en",
    name: str = NAME,
    version: int = 1,
) -> AccountContactChanged:
    """How Ann is reached."""
    return AccountContactChanged(
        account_id=account_id,
        email=email,
        phone=phone,
        locale=locale,
        display_name=name,
        version=version,
    )


def code(
    code_id: str = "c-1",
    *,
    to: str = MAIL,
    purpose: CodePurpose = CodePurpose.VERIFY,
    locale: str = "en",
    minutes: int = 30,
) -> AccountCodeIssued:
    """A code for a phone, a link for a mail address."""
    by_mail = "@" in to
    return AccountCodeIssued(
        code_id=code_id,
        channel=Channel.EMAIL if by_mail else Channel.PHONE,
        address=to,
        purpose=purpose,
        locale=locale,
        expires_at=START + timedelta(minutes=minutes),
        code=None if by_mail else "483920",
        link_token="token-marked" if by_mail else None,
    )


def mug(version: int = 1, *, title: str = "A mug", chinese: str = "杯子") -> ProductChanged:
    """What a mug is called."""
    return ProductChanged(
        product_id="p-mug",
        merchant_id="m-mei",
        status=ProductStatus.PUBLISHED,
        titles=(LocalText(locale="en", text=title), LocalText(locale="zh-CN", text=chinese)),
        category_path=("kitchen",),
        skus=(
            CatalogSku(
                sku_id="sku-mug",
                options=(SkuOption(name="colour", value="blue"),),
                price=cny("19.90"),
                weight_g=300,
                active=True,
            ),
        ),
        version=version,
    )


def placed(order_id: str = ORDER, *, account_id: str = ANN) -> OrderPlaced:
    """Ann ordered two mugs."""
    return OrderPlaced(
        order_id=order_id,
        number="261122MUG",
        account_id=account_id,
        lines=(MUGS,),
        shipping=cny("5.00"),
        total=cny("44.80"),
        delivery_method="express",
        division_code="310101",
        payment_method=PaymentMethod.CARD,
        pay_by=START + timedelta(minutes=30),
    )


def confirmed(
    order_id: str = ORDER, *, account_id: str = ANN, on_delivery: bool = False
) -> OrderConfirmed:
    """Ann's order is paid, or will be at the door."""
    return OrderConfirmed(
        order_id=order_id,
        number="261122MUG",
        account_id=account_id,
        on_delivery=on_delivery,
        lines=(MUGS,),
        shipping=cny("5.00"),
        amount=cny("44.80"),
    )


def cancelled(
    order_id: str = ORDER, *, reason: CancelReason = CancelReason.EXPIRED
) -> OrderCancelled:
    """Ann's order is over."""
    return OrderCancelled(order_id=order_id, account_id=ANN, reason=reason, lines=(MUGS,))


def shipped(parcel_id: str = "pa-1", *, order_id: str = ORDER) -> ParcelShipped:
    """A parcel of Ann's is on its way."""
    return ParcelShipped(
        parcel_id=parcel_id,
        fulfilment_id="f-1",
        order_id=order_id,
        carrier="swift",
        waybill="SW-77",
        lines=(),
    )


def delivered(parcel_id: str = "pa-1") -> ParcelDelivered:
    """A parcel of Ann's was signed for."""
    return ParcelDelivered(parcel_id=parcel_id, order_id=ORDER, lines=(), signed_at=START)


def refunded(refund_id: str = "r-1", *, payment_id: str = "pay-1") -> PaymentRefunded:
    """Ann gets the price of the mugs back."""
    return PaymentRefunded(
        refund_id=refund_id,
        payment_id=payment_id,
        order_id=ORDER,
        amount=cny("39.80"),
        shares=(),
    )


def unexpected(payment_id: str = "pay-1") -> OrderPaymentUnexpected:
    """Ann paid for an order that was over."""
    return OrderPaymentUnexpected(order_id=ORDER, payment_id=payment_id, amount=cny("44.80"))
