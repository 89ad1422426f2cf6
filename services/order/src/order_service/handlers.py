"""What order does when something happened elsewhere, and when its own time has come."""

from __future__ import annotations

from collections.abc import Iterable

from chassis.revocation import listen as listen_for_revocations
from order_service.domain.catalogue import Goods, Option, Sku
from order_service.domain.delivery import Rates
from order_service.domain.parcel import Parcel, ParcelState
from order_service.domain.units import Run, Units, units_of
from order_service.usecases import times
from order_service.usecases.await_payment import await_payment, give_up_out_of_stock
from order_service.usecases.cancel_order import ask_again
from order_service.usecases.cancel_unsent import cancel_what_was_not_shipped
from order_service.usecases.complete_order import complete_order
from order_service.usecases.confirm_receipt import receive_by_itself
from order_service.usecases.expire_order import expire_order
from order_service.usecases.follow_parcel import (
    await_receipt,
    follow_parcel,
    note_trace,
    take_back_parcel,
)
from order_service.usecases.forget_account import forget_account
from order_service.usecases.keep_copies import (
    keep_merchant,
    keep_product,
    keep_rates,
    notice_lateness,
)
from order_service.usecases.note_fulfilment import note_fulfilment
from order_service.usecases.note_refund import note_refund_failed, note_refunded
from order_service.usecases.settle_cancellation import keep_refused, take_out_cancelled
from order_service.usecases.take_payment import take_payment
from shop_events import Subscriptions, Tx
from shop_events.contracts.account import AccountErased, MerchantChanged, MerchantStatus
from shop_events.contracts.catalog import CatalogSku, ProductChanged, ProductStatus
from shop_events.contracts.logistics import (
    DeliveryRatesChanged,
    FulfilmentCancellationRefused,
    FulfilmentCancelled,
    FulfilmentCreated,
    ParcelDelivered,
    ParcelLost,
    ParcelPacked,
    ParcelRefused,
    ParcelReturned,
    ParcelShipped,
    ParcelTraceAdded,
    ParcelWaybillCorrected,
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
from shop_events.wire import from_plain, to_plain

subscriptions = Subscriptions("order")
listen_for_revocations(subscriptions)


@subscriptions.on(StockReserved, publishes=(OrderPayable, OrderConfirmed))
def ask_for_payment_when_reserved(event: StockReserved, tx: Tx) -> None:
    """The goods are held: the order may be paid."""
    notice_lateness(tx)
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
    note_refunded(tx, event.order_id, event.refund_id, event.amount)


@subscriptions.on(PaymentRefundFailed, publishes=(OrderCancelled,))
def note_when_refund_failed(event: PaymentRefundFailed, tx: Tx) -> None:
    """Money could not go back."""
    note_refund_failed(tx, event.order_id, event.refund_id, event.amount)


@subscriptions.on(FulfilmentCreated)
def note_when_fulfilment_created(event: FulfilmentCreated, tx: Tx) -> None:
    """A merchant's goods are to be packed."""
    note_fulfilment(tx, event.order_id, event.fulfilment_id)


@subscriptions.on(FulfilmentCancelled, publishes=(OrderRefundRequested, OrderCancelled))
def refund_when_fulfilment_cancelled(event: FulfilmentCancelled, tx: Tx) -> None:
    """These goods stay in the warehouse."""
    take_out_cancelled(tx, event.order_id, event.fulfilment_id, _units(event.lines))


@subscriptions.on(FulfilmentCancellationRefused)
def go_on_when_cancellation_refused(event: FulfilmentCancellationRefused, tx: Tx) -> None:
    """These goods are on their way already."""
    keep_refused(tx, event.order_id, event.fulfilment_id, _units(event.lines))


@subscriptions.on(ParcelPacked)
def note_when_packed(event: ParcelPacked, tx: Tx) -> None:
    """A parcel waits for the carrier."""
    follow_parcel(tx, event.order_id, _parcel(event, ParcelState.PACKED))


@subscriptions.on(ParcelShipped)
def note_when_shipped(event: ParcelShipped, tx: Tx) -> None:
    """A parcel is on its way."""
    follow_parcel(tx, event.order_id, _parcel(event, ParcelState.SHIPPED))


@subscriptions.on(ParcelWaybillCorrected)
def note_when_waybill_corrected(event: ParcelWaybillCorrected, tx: Tx) -> None:
    """A parcel that left goes by another number; it may be the first that is heard of it."""
    follow_parcel(tx, event.order_id, _parcel(event, ParcelState.SHIPPED))


@subscriptions.on(ParcelTraceAdded)
def tell_when_trace_added(event: ParcelTraceAdded, tx: Tx) -> None:
    """The carrier said where a parcel is."""
    note_trace(
        tx, event.order_id, event.parcel_id, state=event.state, place=event.place, at=event.at
    )


@subscriptions.on(ParcelDelivered)
def await_receipt_when_delivered(event: ParcelDelivered, tx: Tx) -> None:
    """A parcel was signed for."""
    parcel = _parcel(event, ParcelState.DELIVERED)
    await_receipt(tx, event.order_id, parcel, signed_at=event.signed_at)


@subscriptions.on(ParcelRefused, publishes=(OrderRefundRequested, OrderCancelled))
def take_back_when_refused(event: ParcelRefused, tx: Tx) -> None:
    """Nobody took the parcel at the door."""
    parcel = _parcel(event, ParcelState.REFUSED)
    take_back_parcel(tx, event.order_id, parcel, reason=CancelReason.REFUSED_AT_DOOR)


@subscriptions.on(ParcelReturned, publishes=(OrderRefundRequested, OrderCancelled))
def take_back_when_returned(event: ParcelReturned, tx: Tx) -> None:
    """A parcel is back in the warehouse: it was refused, or could not be handed over."""
    parcel = _parcel(event, ParcelState.RETURNED)
    take_back_parcel(tx, event.order_id, parcel, reason=CancelReason.REFUSED_AT_DOOR)


@subscriptions.on(ParcelLost, publishes=(OrderRefundRequested, OrderCancelled))
def take_back_when_lost(event: ParcelLost, tx: Tx) -> None:
    """The carrier gave the parcel up: the seller's side could not deliver (M9)."""
    parcel = _parcel(event, ParcelState.LOST)
    take_back_parcel(tx, event.order_id, parcel, reason=CancelReason.MERCHANT)


@subscriptions.on(ProductChanged)
def keep_goods_when_changed(event: ProductChanged, tx: Tx) -> None:
    """Prices, titles, options, and whether it is sold."""
    keep_product(tx, event.product_id, event.version, [_sku(event, one) for one in event.skus])


@subscriptions.on(MerchantChanged)
def keep_merchant_when_changed(event: MerchantChanged, tx: Tx) -> None:
    """Whether a merchant may sell."""
    sells = event.status is MerchantStatus.ACTIVE
    keep_merchant(tx, event.merchant_id, event.version, sells=sells)


@subscriptions.on(DeliveryRatesChanged)
def keep_rates_when_changed(event: DeliveryRatesChanged, tx: Tx) -> None:
    """How goods are delivered, and for how much."""
    keep_rates(tx, from_plain(Rates, to_plain(event)))


@subscriptions.on(AccountErased)
def forget_when_erased(event: AccountErased, tx: Tx) -> None:
    """Somebody is to be forgotten."""
    forget_account(tx, event.account_id)


@subscriptions.at(times.PAY_BY, publishes=(OrderCancelled,))
def expire_when_unpaid(order_id: str, tx: Tx) -> None:
    """The time to pay is over."""
    expire_order(tx, order_id)


@subscriptions.at(times.SHIP_BY, publishes=(OrderCancellationRequested,))
def cancel_when_not_shipped(order_id: str, tx: Tx) -> None:
    """Seven days since an order was confirmed."""
    cancel_what_was_not_shipped(tx, order_id)


@subscriptions.at(times.CANCELLATION_OPEN, publishes=(OrderCancellationRequested,))
def ask_again_when_still_open(order_id: str, tx: Tx) -> None:
    """A cancellation takes an hour already."""
    ask_again(tx, order_id)


@subscriptions.at(times.AUTO_RECEIPT, publishes=(OrderReceived,))
def receive_when_time_is_over(parcel_id: str, tx: Tx) -> None:
    """Ten days since a parcel was signed for."""
    receive_by_itself(tx, parcel_id)


@subscriptions.at(times.RETURN_WINDOW_OVER, publishes=(OrderCompleted,))
def complete_when_window_is_over(order_id: str, tx: Tx) -> None:
    """Seven days since the last goods were received."""
    complete_order(tx, order_id)


_ParcelEvent = (
    ParcelPacked
    | ParcelShipped
    | ParcelWaybillCorrected
    | ParcelDelivered
    | ParcelRefused
    | ParcelLost
    | ParcelReturned
)


def _parcel(event: _ParcelEvent, state: ParcelState) -> Parcel:
    return Parcel(
        id=event.parcel_id,
        state=state,
        units=_units(event.lines),
        fulfilment_id=getattr(event, "fulfilment_id", None),
        carrier=getattr(event, "carrier", None),
        waybill=getattr(event, "waybill", None),
        waybill_version=getattr(event, "version", 0),
    )


def _sku(product: ProductChanged, sku: CatalogSku) -> Sku:
    return Sku(
        sku_id=sku.sku_id,
        merchant_id=product.merchant_id,
        price=sku.price,
        sold=sku.active and product.status is ProductStatus.PUBLISHED,
        goods=Goods(
            product_id=product.product_id,
            titles={title.locale: title.text for title in product.titles},
            options=tuple(Option(name=one.name, value=one.value) for one in sku.options),
            weight_g=sku.weight_g,
            version=product.version,
            image=sku.image,
            volume_cm3=sku.volume_cm3,
        ),
    )


def _units(lines: Iterable[ShipmentLine]) -> Units:
    return units_of((line.line_id, Run(line.quantity, line.first_unit)) for line in lines)
