"""What aftersales does when something happened elsewhere."""

from __future__ import annotations

from aftersales_service.domain.order import End, Line
from aftersales_service.usecases.forget_account import forget_account
from aftersales_service.usecases.note_order import note_confirmed, note_end
from aftersales_service.usecases.note_parcel import note_delivered, note_received
from chassis.revocation import listen as listen_for_revocations
from shop_events import Subscriptions, Tx
from shop_events.contracts.account import AccountErased
from shop_events.contracts.logistics import ParcelDelivered
from shop_events.contracts.order import (
    OrderCancelled,
    OrderCompleted,
    OrderConfirmed,
    OrderLine,
    OrderReceived,
)

subscriptions = Subscriptions("aftersales")
listen_for_revocations(subscriptions)


@subscriptions.on(OrderConfirmed)
def note_lines_when_confirmed(event: OrderConfirmed, tx: Tx) -> None:
    """These goods may be sent back one day."""
    lines = [_line(line) for line in event.lines]
    note_confirmed(tx, event.order_id, account_id=event.account_id, lines=lines)


@subscriptions.on(ParcelDelivered)
def note_units_when_delivered(event: ParcelDelivered, tx: Tx) -> None:
    """These units are in somebody's hands."""
    note_delivered(
        tx,
        event.parcel_id,
        order_id=event.order_id,
        units=[(line.line_id, line.quantity, line.first_unit) for line in event.lines],
        signed_at=event.signed_at,
    )


@subscriptions.on(OrderReceived)
def open_window_when_received(event: OrderReceived, tx: Tx) -> None:
    """The return window begins."""
    note_received(tx, event.order_id, account_id=event.account_id, parcel_ids=event.parcel_ids)


@subscriptions.on(OrderCompleted)
def close_window_when_completed(event: OrderCompleted, tx: Tx) -> None:
    """The return window is over."""
    note_end(tx, event.order_id, account_id=event.account_id, how=End.COMPLETED)


@subscriptions.on(OrderCancelled)
def close_window_when_cancelled(event: OrderCancelled, tx: Tx) -> None:
    """Nothing of it reached the buyer, or nothing stayed."""
    note_end(tx, event.order_id, account_id=event.account_id, how=End.CANCELLED)


@subscriptions.on(AccountErased)
def forget_when_erased(event: AccountErased, tx: Tx) -> None:
    """Nobody's orders."""
    forget_account(tx, event.account_id)


def _line(line: OrderLine) -> Line:
    return Line(
        line_id=line.line_id,
        sku_id=line.sku_id,
        merchant_id=line.merchant_id,
        quantity=line.quantity,
        unit_price=line.unit_price,
        payable=line.payable,
    )
