"""Logistics answered a cancellation, or a parcel was refused; the money follows the goods."""

from __future__ import annotations

from collections.abc import Mapping

from order_service.domain.order import Order, amount_of
from order_service.domain.track import Track
from order_service.store import orders, told
from order_service.usecases import messages, times
from order_service.usecases.cancel_order import end
from order_service.usecases.complete_order import await_completion
from shop_events import Tx
from shop_events.contracts.order import CancelReason, OrderRefundRequested


def take_out_units(
    tx: Tx, order_id: str, units: Mapping[str, int], *, cause: str, reason: CancelReason
) -> None:
    """These units will not be delivered: pay back what they cost. Publishes OrderRefundRequested.

    Once nothing of the order is left, it ends when its refunds have come through. Idempotent on
    ``cause``.
    """
    order = orders.lock(tx.connection, order_id)
    changed, shares = order.cancel_units(units)
    amount = amount_of(shares, order.currency)
    refund_id = tx.new_id()
    if not told.add_refund(tx.connection, refund_id, order_id, cause=cause, amount=amount):
        return
    orders.save(tx.connection, order, changed)
    if amount:
        tx.publish(
            OrderRefundRequested(
                refund_id=refund_id,
                order_id=order_id,
                amount=amount,
                shares=messages.refund_shares(shares),
                reason=reason,
            )
        )
    else:
        told.settle_refund(tx.connection, refund_id, done=True)
    _go_on(tx, changed, reason)


def keep_units(tx: Tx, order_id: str, units: Mapping[str, int], *, cause: str) -> None:
    """Logistics would not cancel these: they will arrive. The order goes on with them.

    Idempotent on ``cause``.
    """
    order = orders.lock(tx.connection, order_id)
    if not told.add_refusal(tx.connection, order_id, cause=cause):
        return
    changed = order.refuse_units(units)
    orders.save(tx.connection, order, changed)
    _go_on(tx, changed, CancelReason.BUYER)


def note_refund(tx: Tx, order_id: str, refund_id: str, *, done: bool) -> None:
    """A refund came through (or was refused, and people look). Publishes OrderCancelled at the end.

    Idempotent on ``refund_id``; refunds that others asked for change nothing here.
    """
    order = orders.lock(tx.connection, order_id)
    if told.settle_refund(tx.connection, refund_id, done=done):
        _go_on(tx, order, CancelReason(order.cancel_reason or CancelReason.BUYER))


def _go_on(tx: Tx, order: Order, reason: CancelReason) -> None:
    if order.all_cancelled:
        if order.track is Track.CONFIRMED:
            before, order = order, order.to(Track.CANCELLING, reason=reason)
            orders.save(tx.connection, before, order)
            again_at = tx.now + times.ASK_AGAIN_AFTER
            tx.schedule(times.CANCELLATION_UNANSWERED, order.id, again_at)
        if order.track is Track.CANCELLING and not told.open_refunds(tx.connection, order.id):
            end(tx, order, CancelReason(order.cancel_reason or reason))
        return
    if order.track is Track.CANCELLING and order.all_answered:
        before, order = order, order.to(Track.CONFIRMED)
        orders.save(tx.connection, before, order)
        tx.unschedule(times.CANCELLATION_UNANSWERED, order.id)
    await_completion(tx, order)
