"""Where an order stands after something became of its units."""

from __future__ import annotations

from order_service.domain.order import Order
from order_service.domain.refund import is_awaited
from order_service.domain.track import Track
from order_service.store import orders, payments, refunds
from order_service.usecases import times
from order_service.usecases.end_order import let_go
from shop_events import Tx
from shop_events.contracts.order import CancelReason


def go_on(tx: Tx, before: Order, after: Order, *, reason: CancelReason) -> Order:
    """Write ``after`` and lead it where its units are. Publishes OrderCancelled at an end.

    Nothing is left to deliver: it ends for ``reason``, once its refunds have come through.
    Logistics answered for every unit: it goes on with what could not be cancelled. Every unit is
    received or cancelled: the return window runs, once.
    """
    order = _led_on(tx, after, reason)
    orders.save(tx.connection, before, order)
    _wait(tx, before, order)
    if order.track is Track.CANCELLED:
        let_go(tx, order)
    return order


def _led_on(tx: Tx, order: Order, reason: CancelReason) -> Order:
    if order.track is Track.CONFIRMED and order.all_cancelled:
        order = order.to(Track.CANCELLING, reason=reason)
    if order.track is not Track.CANCELLING:
        return order
    if order.all_cancelled:
        return order if _awaits_refund(tx, order) else order.to(Track.CANCELLED)
    return order if order.unanswered else order.to(Track.CONFIRMED)


def _awaits_refund(tx: Tx, order: Order) -> bool:
    back = refunds.of_orders(tx.connection, {order.id: order.currency})[order.id]
    return is_awaited(back, payments.of_orders(tx.connection, [order.id])[order.id])


def _wait(tx: Tx, before: Order, order: Order) -> None:
    """Set the deadlines of the state it came into, and drop those of the one it left."""
    if order.track is not Track.CANCELLING:
        tx.unschedule(times.CANCELLATION_OPEN, order.id)
    elif before.track is not Track.CANCELLING:
        tx.schedule(times.CANCELLATION_OPEN, order.id, tx.now + times.ASK_AGAIN_AFTER)
    if order.awaits_completion and not before.awaits_completion:
        tx.schedule(times.RETURN_WINDOW_OVER, order.id, tx.now + times.RETURN_WINDOW)
