"""What order does when something happened elsewhere, and when its own time has come."""

from __future__ import annotations

from collections.abc import Iterable

from order_service.domain.status import Parcel, ParcelState
from order_service.usecases import times
from order_service.usecases.await_payment import await_payment, give_up_out_of_stock
from order_service.usecases.cancel_order import ask_again, expire_order
from order_service.usecases.complete_order import complete_order
from order_service.usecases.confirm_receipt import receive_by_itself
from order_service.usecases.follow_parcel import (
    follow_parcel,
    forget_parcel,
    take_back_refused,
)
from order_service.usecases.note_fulfilment import note_fulfilment
from order_service.usecases.settle_cancellation import keep_units, note_refund, take_out_units
from order_service.usecases.take_payment import take_payment
from shop_events import Subscriptions, Tx
from shop_events.contracts.logistics import (
    FulfilmentCancellationRefused,
    FulfilmentCancelled,
    FulfilmentCreated,
    ParcelDelivered,
    ParcelLost,
    ParcelPacked,
    ParcelRefused,
    ParcelReturned,
    ParcelShipped,
    ShipmentLine,
    StockRejected,
    StockReserved,
)
from shop_events.contracts.order import (
    CancelReason,
    OrderCancellationRequested,
    OrderCancelled,
    OrderCompleted,
    OrderConfirmed,
    OrderPayable,
    OrderPaymentUnexpected,
    OrderReceived,
    OrderRefundRequested,
)
from shop_events.contracts.payment import PaymentConfirmed, PaymentRefunded, PaymentRefundFailed

subscriptions = Subscriptions("order")


@subscriptions.on(StockReserved, publishes=(OrderPayable, OrderConfirmed))
def ask_for_payment_when_reserved(event: StockReserved, tx: Tx) -> None:
    """The goods are held: the order may be paid."""
    await_payment(tx, event.order_id)


@subscriptions.on(StockRejected, publishes=(OrderCancelled,))
def cancel_when_out_of_stock(event: StockRejected, tx: Tx) -> None:
    """Something is short: the order ends."""
    give_up_out_of_stock(tx, event.order_id)


@subscriptions.on(PaymentConfirmed, publishes=(OrderConfirmed, OrderPaymentUnexpected))
def confirm_when_paid(event: PaymentConfirmed, tx: Tx) -> None:
    """The money is there."""
    take_payment(tx, event.order_id, event.payment_id, event.amount)


@subscriptions.on(PaymentRefunded, publishes=(OrderCancelled,))
def go_on_when_refunded(event: PaymentRefunded, tx: Tx) -> None:
    """Money went back."""
    note_refund(tx, event.order_id, event.refund_id, done=True)


@subscriptions.on(PaymentRefundFailed, publishes=(OrderCancelled,))
def note_when_refund_failed(event: PaymentRefundFailed, tx: Tx) -> None:
    """Money could not go back; payment's people look at it, and the order keeps waiting."""
    note_refund(tx, event.order_id, event.refund_id, done=False)


@subscriptions.on(FulfilmentCreated)
def note_when_fulfilment_created(event: FulfilmentCreated, tx: Tx) -> None:
    """A merchant's goods are to be packed."""
    note_fulfilment(tx, event.order_id, event.fulfilment_id, event.merchant_id)


@subscriptions.on(FulfilmentCancelled, publishes=(OrderRefundRequested, OrderCancelled))
def refund_when_fulfilment_cancelled(event: FulfilmentCancelled, tx: Tx) -> None:
    """These goods stay in the warehouse."""
    cause = f"fulfilment:{event.fulfilment_id}"
    units = _units(event.lines)
    take_out_units(tx, event.order_id, units, cause=cause, reason=CancelReason.BUYER)


@subscriptions.on(FulfilmentCancellationRefused)
def go_on_when_cancellation_refused(event: FulfilmentCancellationRefused, tx: Tx) -> None:
    """These goods are on their way already."""
    keep_units(tx, event.order_id, _units(event.lines), cause=f"refused:{event.fulfilment_id}")


@subscriptions.on(ParcelPacked)
def note_when_packed(event: ParcelPacked, tx: Tx) -> None:
    """A parcel waits for the carrier."""
    follow_parcel(tx, event.order_id, _parcel(event, ParcelState.PACKED))


@subscriptions.on(ParcelShipped)
def note_when_shipped(event: ParcelShipped, tx: Tx) -> None:
    """A parcel is on its way."""
    follow_parcel(tx, event.order_id, _parcel(event, ParcelState.SHIPPED))


@subscriptions.on(ParcelDelivered)
def note_when_delivered(event: ParcelDelivered, tx: Tx) -> None:
    """A parcel was signed for."""
    parcel = _parcel(event, ParcelState.DELIVERED)
    follow_parcel(tx, event.order_id, parcel, signed_at=event.signed_at)


@subscriptions.on(ParcelRefused, publishes=(OrderRefundRequested, OrderCancelled))
def take_back_when_refused(event: ParcelRefused, tx: Tx) -> None:
    """Nobody took the parcel at the door."""
    take_back_refused(tx, event.order_id, _parcel(event, ParcelState.REFUSED))


@subscriptions.on(ParcelLost)
def note_when_lost(event: ParcelLost, tx: Tx) -> None:
    """The carrier gave the parcel up; a claim is the buyer's to make."""
    follow_parcel(tx, event.order_id, _parcel(event, ParcelState.LOST))
    forget_parcel(tx, event.parcel_id)


@subscriptions.on(ParcelReturned)
def note_when_returned(event: ParcelReturned, tx: Tx) -> None:
    """A parcel is back in the warehouse."""
    follow_parcel(tx, event.order_id, _parcel(event, ParcelState.RETURNED))
    forget_parcel(tx, event.parcel_id)


@subscriptions.at(times.PAY_BY, publishes=(OrderCancelled,))
def expire_when_unpaid(order_id: str, tx: Tx) -> None:
    """The time to pay is over."""
    expire_order(tx, order_id)


@subscriptions.at(times.CANCELLATION_UNANSWERED, publishes=(OrderCancellationRequested,))
def ask_again_when_unanswered(order_id: str, tx: Tx) -> None:
    """A cancellation was not answered for an hour."""
    ask_again(tx, order_id)


@subscriptions.at(times.AUTO_RECEIPT, publishes=(OrderReceived,))
def receive_when_time_is_over(parcel_id: str, tx: Tx) -> None:
    """Ten days since a parcel was signed for."""
    receive_by_itself(tx, parcel_id)


@subscriptions.at(times.RETURN_WINDOW_OVER, publishes=(OrderCompleted,))
def complete_when_window_is_over(order_id: str, tx: Tx) -> None:
    """Seven days since the last goods were received."""
    complete_order(tx, order_id)


_AnyParcelEvent = (
    ParcelPacked | ParcelShipped | ParcelDelivered | ParcelRefused | ParcelLost | ParcelReturned
)


def _parcel(event: _AnyParcelEvent, state: ParcelState) -> Parcel:
    return Parcel(
        id=event.parcel_id,
        fulfilment_id=getattr(event, "fulfilment_id", ""),
        state=state,
        units=_units(event.lines),
        carrier=getattr(event, "carrier", None),
        waybill=getattr(event, "waybill", None),
    )


def _units(lines: Iterable[ShipmentLine]) -> dict[str, int]:
    return {line.line_id: line.quantity for line in lines}
