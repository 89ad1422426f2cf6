"""Payment says what became of a refund."""

from __future__ import annotations

from order_service.domain.explanation import as_people_read
from order_service.domain.happening import Kind
from order_service.domain.order import Order
from order_service.domain.refund import Refund, RefundState
from order_service.domain.track import Track
from order_service.store import orders, refunds
from order_service.usecases.go_on import go_on
from order_service.usecases.tell import tell
from shop_events import Money, Tx
from shop_events.contracts.order import CancelReason


def note_refunded(tx: Tx, order_id: str, refund_id: str, amount: Money) -> None:
    """Money went back. Publishes OrderCancelled if an order that is over waited for it.

    ``amount`` is less than was asked for, maybe nothing, where people had paid a part of it back
    by hand before: together it is all of it.
    A refund that others asked for is remembered, for the buyer to see; it may make good one of the
    order's own that failed, and changes nothing else.
    Idempotent on ``refund_id``; it may have failed before.
    """
    order = orders.lock(tx.connection, order_id)
    refunds.add(tx.connection, order_id, _of_others(refund_id, amount))
    refunds.settle(tx.connection, refund_id, amount)
    if amount:
        _tell(tx, order, Kind.REFUNDED, refund_id, amount)
    if order.track is Track.CANCELLING:
        go_on(tx, order, order, reason=CancelReason.BUYER)


def note_refund_failed(tx: Tx, order_id: str, refund_id: str, amount: Money) -> None:
    """Money could not go back. The order waits on until people have paid it back by hand (P3).

    Publishes OrderCancelled if they have already.
    """
    order = orders.lock(tx.connection, order_id)
    refunds.fail(tx.connection, refund_id)
    _tell(tx, order, Kind.REFUND_FAILED, refund_id, amount)
    if order.track is Track.CANCELLING:
        go_on(tx, order, order, reason=CancelReason.BUYER)


def _tell(tx: Tx, order: Order, kind: Kind, refund_id: str, amount: Money) -> None:
    """Where he pays at the door, a refund may undo a mere debt: then nobody got money back."""
    if not order.on_delivery:
        tell(tx, order.id, kind, key=refund_id, amount=as_people_read(amount))


def _of_others(refund_id: str, amount: Money) -> Refund:
    cause = f"others:{refund_id}"
    return Refund(id=refund_id, cause=cause, amount=amount, state=RefundState.DONE, ours=False)
