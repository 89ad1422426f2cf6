"""The stock answered: ask for the money, or end the order."""

from __future__ import annotations

from order_service.domain.happening import Kind
from order_service.domain.track import Track
from order_service.store import orders
from order_service.usecases.confirm_order import confirm_order
from order_service.usecases.end_order import end_order
from order_service.usecases.tell import tell
from shop_events import Tx
from shop_events.contracts.order import CancelReason, OrderPayable, PaymentMethod


def await_payment(tx: Tx, order_id: str) -> None:
    """Every unit is held. Publishes OrderPayable, or OrderConfirmed where nothing is due now.

    Nothing is due for cash on delivery (O8) and for an order that costs nothing (O7). An order
    that was cancelled meanwhile stays so: its OrderCancelled releases the hold.
    """
    order = orders.lock(tx.connection, order_id)
    if order.track is not Track.PLACED:
        return
    if order.on_delivery or not order.total:
        confirm_order(tx, order)
        tell(tx, order.id, Kind.CONFIRMED)
        return
    orders.save(tx.connection, order, order.to(Track.AWAITING_PAYMENT))
    tell(tx, order.id, Kind.AWAITING_PAYMENT)
    tx.publish(
        OrderPayable(
            order_id=order.id,
            account_id=order.account_id,
            amount=order.total,
            method=PaymentMethod(order.payment_method),
            pay_by=order.pay_by,
        )
    )


def give_up_out_of_stock(tx: Tx, order_id: str) -> None:
    """Something was short and nothing is held. Publishes OrderCancelled."""
    order = orders.lock(tx.connection, order_id)
    if order.track is Track.PLACED:
        end_order(tx, order, CancelReason.OUT_OF_STOCK)
