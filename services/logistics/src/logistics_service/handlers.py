"""What logistics does when something happened elsewhere, and when its own time has come."""

from __future__ import annotations

from collections.abc import Iterable

from chassis.revocation import listen as listen_for_revocations
from logistics_service.domain.order import Destination, OrderedLine, Placed, Terms
from logistics_service.usecases import times
from logistics_service.usecases.cancel_fulfilments import request_cancellation
from logistics_service.usecases.change_rates import write_first_rates
from logistics_service.usecases.forget_people import forget_account, forget_if_over
from logistics_service.usecases.learn_product import learn_product
from logistics_service.usecases.note_destination import note_destination
from logistics_service.usecases.release_stock import release_stock
from logistics_service.usecases.reserve_stock import reserve_stock
from logistics_service.usecases.start_fulfilments import confirm_order
from logistics_service.usecases.warn import warn_of_overdue_hold, warn_of_silent_parcel
from shop_events import Subscriptions, Tx
from shop_events.contracts.account import AccountErased
from shop_events.contracts.catalog import ProductChanged
from shop_events.contracts.logistics import (
    DeliveryRatesChanged,
    FulfilmentCancellationRefused,
    FulfilmentCancelled,
    FulfilmentCreated,
    StockLevelChanged,
    StockRejected,
    StockReserved,
)
from shop_events.contracts.order import (
    OrderCancellationRequested,
    OrderCancelled,
    OrderConfirmed,
    OrderDeliveryDetails,
    OrderLine,
    OrderPlaced,
)

subscriptions = Subscriptions("logistics")
listen_for_revocations(subscriptions)

_STARTED = (FulfilmentCreated, FulfilmentCancelled, StockLevelChanged)


@subscriptions.on(OrderPlaced, publishes=(StockReserved, StockRejected, *_STARTED))
def reserve_when_placed(event: OrderPlaced, tx: Tx) -> None:
    """Somebody wants these goods."""
    placed = Placed(
        order_id=event.order_id,
        number=event.number,
        account_id=event.account_id,
        lines=_lines(event.lines),
        delivery_method=event.delivery_method,
        pay_by=event.pay_by,
    )
    reserve_stock(tx, placed)


@subscriptions.on(OrderConfirmed, publishes=_STARTED)
def start_when_confirmed(event: OrderConfirmed, tx: Tx) -> None:
    """The goods may be packed."""
    terms = Terms(on_delivery=event.on_delivery, shipping=event.shipping)
    confirm_order(
        tx,
        event.order_id,
        account_id=event.account_id,
        lines=_lines(event.lines),
        terms=terms,
    )


@subscriptions.on(OrderDeliveryDetails)
def note_destination_when_told(event: OrderDeliveryDetails, tx: Tx) -> None:
    """Who gets the parcels, and where."""
    destination = Destination(recipient=event.recipient, phone=event.phone, address=event.address)
    note_destination(tx, event.order_id, destination)


@subscriptions.on(
    OrderCancellationRequested,
    publishes=(FulfilmentCancelled, FulfilmentCancellationRefused, StockLevelChanged),
)
def answer_when_cancellation_requested(event: OrderCancellationRequested, tx: Tx) -> None:
    """Somebody wants a confirmed order cancelled."""
    request_cancellation(tx, event.order_id, event.line_ids)


@subscriptions.on(OrderCancelled, publishes=(FulfilmentCancelled, StockLevelChanged))
def release_when_cancelled(event: OrderCancelled, tx: Tx) -> None:
    """The order is over."""
    release_stock(tx, event.order_id)


@subscriptions.on(ProductChanged)
def learn_owner_when_product_changed(event: ProductChanged, tx: Tx) -> None:
    """Whose goods these SKUs are."""
    skus = (sku.sku_id for sku in event.skus)
    learn_product(tx, event.product_id, skus, merchant_id=event.merchant_id, version=event.version)


@subscriptions.on(AccountErased)
def forget_when_erased(event: AccountErased, tx: Tx) -> None:
    """The person behind an account is to be forgotten."""
    forget_account(tx, event.account_id)


@subscriptions.at(times.FORGET)
def forget_when_over(order_id: str, tx: Tx) -> None:
    """Nobody needs to know any more where an order went."""
    forget_if_over(tx, order_id)


@subscriptions.at(times.FIRST_RATES, publishes=(DeliveryRatesChanged,))
def write_first_rates_when_new(key: str, tx: Tx) -> None:
    """The shop is new: it begins with rates."""
    del key
    write_first_rates(tx)


@subscriptions.at(times.HOLD_OVERDUE)
def warn_when_hold_is_overdue(order_id: str, tx: Tx) -> None:
    """A hold outlived its order's time to be paid."""
    warn_of_overdue_hold(tx, order_id)


@subscriptions.at(times.SILENT_PARCEL)
def warn_when_parcel_is_silent(parcel_id: str, tx: Tx) -> None:
    """Two days without a word of a parcel."""
    warn_of_silent_parcel(tx, parcel_id)


def _lines(lines: Iterable[OrderLine]) -> tuple[OrderedLine, ...]:
    return tuple(
        OrderedLine(
            line_id=line.line_id,
            sku_id=line.sku_id,
            merchant_id=line.merchant_id,
            quantity=line.quantity,
            unit_price=line.unit_price,
            payable=line.payable,
        )
        for line in lines
    )
