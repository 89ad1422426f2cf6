"""What review does when something happened elsewhere, and when its own time has come."""

from __future__ import annotations

from chassis.revocation import listen as listen_for_revocations
from review_service.usecases import times
from review_service.usecases.end_reviewing import end_reviewing, forget_account
from review_service.usecases.keep_product import keep_product
from review_service.usecases.note_order import note_completed, note_ordered, note_received
from shop_events import Subscriptions, Tx
from shop_events.contracts.account import AccountErased
from shop_events.contracts.catalog import ProductChanged
from shop_events.contracts.order import OrderCompleted, OrderConfirmed, OrderReceived

subscriptions = Subscriptions("review")
listen_for_revocations(subscriptions)


@subscriptions.on(ProductChanged)
def keep_product_when_changed(event: ProductChanged, tx: Tx) -> None:
    """Which product a SKU belongs to."""
    keep_product(tx, event)


@subscriptions.on(OrderConfirmed)
def note_lines_when_confirmed(event: OrderConfirmed, tx: Tx) -> None:
    """What somebody bought."""
    lines = [(line.line_id, line.sku_id, line.merchant_id) for line in event.lines]
    note_ordered(tx, event.order_id, account_id=event.account_id, lines=lines)


@subscriptions.on(OrderReceived)
def open_reviewing_when_received(event: OrderReceived, tx: Tx) -> None:
    """What somebody has may be reviewed."""
    note_received(tx, event.order_id, account_id=event.account_id, line_ids=event.line_ids)


@subscriptions.on(OrderCompleted)
def set_the_end_when_completed(event: OrderCompleted, tx: Tx) -> None:
    """Thirty days are left to review it."""
    note_completed(tx, event.order_id, account_id=event.account_id)


@subscriptions.on(AccountErased)
def forget_when_erased(event: AccountErased, tx: Tx) -> None:
    """Nobody's purchases."""
    forget_account(tx, event.account_id)


@subscriptions.at(times.REVIEWING_OVER)
def close_when_reviewing_is_over(order_id: str, tx: Tx) -> None:
    """Thirty days since the order was completed."""
    end_reviewing(tx, order_id)
