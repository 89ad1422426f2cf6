"""Logistics says which goods stay here and which are gone."""

from __future__ import annotations

from order_service.domain.fulfilment import Fact, Said
from order_service.domain.happening import Kind
from order_service.domain.track import UNDER_WAY, Track
from order_service.domain.units import Units
from order_service.store import fulfilments, orders
from order_service.usecases.go_on import go_on
from order_service.usecases.take_out_units import take_out_units
from order_service.usecases.tell import tell
from shop_events import Tx
from shop_events.contracts.order import CancelReason


def take_out_cancelled(tx: Tx, order_id: str, fulfilment_id: str, units: Units) -> None:
    """These units stay here. Publishes OrderRefundRequested, and OrderCancelled at an end.

    If nobody had asked for it, it was the seller's side. Idempotent on the fulfilment.
    """
    order = orders.lock(tx.connection, order_id)
    said = Said(fulfilment_id=fulfilment_id, fact=Fact.CANCELLED)
    if not fulfilments.hear(tx.connection, order_id, said) or order.track not in UNDER_WAY:
        return
    asked = order.track is Track.CANCELLING
    reason = CancelReason.BUYER if asked else CancelReason.MERCHANT
    cause = f"fulfilment:{fulfilment_id}"
    changed = take_out_units(tx, order, units, cause=cause, reason=reason)
    go_on(tx, order, changed.answer_units(units), reason=reason)


def keep_refused(tx: Tx, order_id: str, fulfilment_id: str, units: Units) -> None:
    """These units are gone and will arrive: the order goes on with them.

    Idempotent on the fulfilment.
    """
    order = orders.lock(tx.connection, order_id)
    said = Said(fulfilment_id=fulfilment_id, fact=Fact.REFUSED)
    if not fulfilments.hear(tx.connection, order_id, said):
        return
    tell(tx, order_id, Kind.CANCELLATION_REFUSED, key=fulfilment_id)
    if order.track in UNDER_WAY:
        go_on(tx, order, order.answer_units(units), reason=CancelReason.BUYER)
