"""What notification does when something happened elsewhere, and when its own time has come."""

from __future__ import annotations

from collections.abc import Iterable

from chassis.revocation import listen as listen_for_revocations
from notification_service.domain.notice import Channel, Code, Facts, Kind, Line
from notification_service.domain.order import Order
from notification_service.domain.person import Person
from notification_service.usecases import times
from notification_service.usecases.correct_parcel import correct_parcel
from notification_service.usecases.forget_person import forget_person
from notification_service.usecases.give_up_unreachable import give_up_unreachable
from notification_service.usecases.note_contact import note_contact
from notification_service.usecases.note_order import note_order
from notification_service.usecases.note_titles import note_titles
from notification_service.usecases.tell import send_code, tell_about_order
from shop_events import Subscriptions, Tx
from shop_events.contracts import account
from shop_events.contracts.account import AccountCodeIssued, AccountContactChanged, AccountErased
from shop_events.contracts.catalog import ProductChanged
from shop_events.contracts.logistics import ParcelDelivered, ParcelShipped, ParcelWaybillCorrected
from shop_events.contracts.order import (
    OrderCancelled,
    OrderConfirmed,
    OrderLine,
    OrderPaymentUnexpected,
    OrderPlaced,
)
from shop_events.contracts.payment import PaymentRefunded

subscriptions = Subscriptions("notification")
listen_for_revocations(subscriptions)

_CHANNELS = {account.Channel.EMAIL: Channel.EMAIL, account.Channel.PHONE: Channel.SMS}
_STEPS = {
    account.ChangeStep.NEW: Kind.CHANGE_ADDRESS,
    account.ChangeStep.OLD: Kind.LEAVE_ADDRESS,
    account.ChangeStep.DONE: Kind.CONTACT_CHANGED,
}


@subscriptions.on(AccountContactChanged)
def note_when_contact_changed(event: AccountContactChanged, tx: Tx) -> None:
    """Somebody is reached otherwise."""
    person = Person(
        account_id=event.account_id,
        email=event.email,
        phone=event.phone,
        locale=event.locale,
        display_name=event.display_name,
        version=event.version,
    )
    note_contact(tx, person)


@subscriptions.on(AccountCodeIssued)
def send_when_code_issued(event: AccountCodeIssued, tx: Tx) -> None:
    """Account wants something said to this very address, at once."""
    code = Code(
        channel=_CHANNELS[event.channel],
        address=event.address,
        locale=event.locale,
        expires_at=event.expires_at,
        code=event.code,
        link_token=event.link_token,
    )
    kind = _STEPS[event.step] if event.step else Kind(event.purpose.value)
    send_code(tx, kind, code, cause=f"account.code_issued:{event.code_id}")


@subscriptions.on(AccountErased)
def forget_when_erased(event: AccountErased, tx: Tx) -> None:
    """Somebody is to be forgotten."""
    forget_person(tx, event.account_id)


@subscriptions.on(ProductChanged)
def note_when_product_changed(event: ProductChanged, tx: Tx) -> None:
    """Goods have a new name, or other options."""
    by_tag = {title.locale: title.text for title in event.titles}
    options = {sku.sku_id: tuple(option.value for option in sku.options) for sku in event.skus}
    note_titles(tx, by_tag, options, version=event.version)


@subscriptions.on(OrderPlaced)
def note_when_placed(event: OrderPlaced, tx: Tx) -> None:
    """Somebody has an order; nothing is said before it is confirmed."""
    note_order(tx, _order(event))


@subscriptions.on(OrderConfirmed)
def tell_when_confirmed(event: OrderConfirmed, tx: Tx) -> None:
    """The order is paid, or will be at the door."""
    note_order(tx, _order(event))
    facts = Facts(
        lines=_lines(event.lines),
        shipping=event.shipping,
        amount=event.amount,
        on_delivery=event.on_delivery,
    )
    cause = f"order.confirmed:{event.order_id}"
    tell_about_order(tx, Kind.ORDER_CONFIRMED, event.order_id, cause=cause, facts=facts)


@subscriptions.on(OrderCancelled)
def tell_when_cancelled(event: OrderCancelled, tx: Tx) -> None:
    """The order is over."""
    facts = Facts(lines=_lines(event.lines), reason=event.reason)
    cause = f"order.cancelled:{event.order_id}"
    tell_about_order(tx, Kind.ORDER_CANCELLED, event.order_id, cause=cause, facts=facts)


@subscriptions.on(ParcelShipped)
def tell_when_shipped(event: ParcelShipped, tx: Tx) -> None:
    """A parcel is on its way."""
    facts = Facts(carrier=event.carrier, waybill=event.waybill)
    cause = f"parcel.shipped:{event.parcel_id}"
    tell_about_order(tx, Kind.PARCEL_SHIPPED, event.order_id, cause=cause, facts=facts)


@subscriptions.on(ParcelWaybillCorrected)
def correct_when_waybill_corrected(event: ParcelWaybillCorrected, tx: Tx) -> None:
    """A parcel that left goes by another number."""
    facts = Facts(carrier=event.carrier, waybill=event.waybill, waybill_version=event.version)
    correct_parcel(tx, event.order_id, cause=f"parcel.shipped:{event.parcel_id}", facts=facts)


@subscriptions.on(ParcelDelivered)
def tell_when_delivered(event: ParcelDelivered, tx: Tx) -> None:
    """A parcel was signed for."""
    cause = f"parcel.delivered:{event.parcel_id}"
    tell_about_order(tx, Kind.PARCEL_DELIVERED, event.order_id, cause=cause, facts=Facts())


@subscriptions.on(PaymentRefunded)
def tell_when_refunded(event: PaymentRefunded, tx: Tx) -> None:
    """Money went back, or is not owed any more: then there is no payment but the order itself.

    Where nothing was left of it to go back, there is nothing to tell.
    """
    if not event.amount:
        return
    facts = Facts(amount=event.amount, on_delivery=event.payment_id == event.order_id)
    cause = f"payment.refunded:{event.refund_id}"
    tell_about_order(tx, Kind.REFUNDED, event.order_id, cause=cause, facts=facts)


@subscriptions.on(OrderPaymentUnexpected)
def tell_when_payment_unexpected(event: OrderPaymentUnexpected, tx: Tx) -> None:
    """Money came that the order does not want (P9)."""
    cause = f"order.payment_unexpected:{event.payment_id}"
    facts = Facts(amount=event.amount)
    tell_about_order(tx, Kind.PAYMENT_UNEXPECTED, event.order_id, cause=cause, facts=facts)


@subscriptions.at(times.UNREACHABLE)
def give_up_when_unreachable(notice_id: str, tx: Tx) -> None:
    """Nobody said for a day whom a notice is for."""
    give_up_unreachable(tx, notice_id)


def _order(event: OrderPlaced | OrderConfirmed) -> Order:
    return Order(order_id=event.order_id, account_id=event.account_id, number=event.number)


def _lines(lines: Iterable[OrderLine]) -> tuple[Line, ...]:
    return tuple(
        Line(sku_id=line.sku_id, quantity=line.quantity, payable=line.payable) for line in lines
    )
