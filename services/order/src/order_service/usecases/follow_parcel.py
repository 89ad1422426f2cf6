"""Logistics tells how far a parcel is."""

from __future__ import annotations

from datetime import datetime

from order_service.domain.parcel import Parcel, ParcelState
from order_service.domain.track import UNDER_WAY
from order_service.store import orders, parcels
from order_service.usecases import times
from order_service.usecases.go_on import go_on
from order_service.usecases.take_out_units import take_out_units
from shop_events import Tx
from shop_events.contracts.order import CancelReason


def follow_parcel(tx: Tx, order_id: str, told: Parcel) -> None:
    """Remember what was told of the parcel; what arrives late never turns it back."""
    orders.lock(tx.connection, order_id)
    _note(tx, order_id, told)


def await_receipt(tx: Tx, order_id: str, told: Parcel, *, signed_at: datetime) -> None:
    """The parcel was signed for: ten days later it counts as received, unless said before (F4).

    A carrier's clock that runs ahead does not make the ten days longer. Idempotent on the parcel.
    """
    orders.lock(tx.connection, order_id)
    before = parcels.find(tx.connection, told.id)
    after = _note(tx, order_id, told)
    if after.state is ParcelState.DELIVERED and (before is None or before.state != after.state):
        due_at = min(signed_at, tx.now) + times.RECEIPT_AFTER_SIGNED
        tx.schedule(times.AUTO_RECEIPT, told.id, due_at)


def take_back_parcel(tx: Tx, order_id: str, told: Parcel, *, reason: CancelReason) -> None:
    """The parcel will not reach the buyer: refused at the door, lost, or back in the warehouse.

    Publishes OrderRefundRequested for what it held, and OrderCancelled at an end. Idempotent on
    the parcel: a parcel that was refused and then came back is paid back once. What the buyer has
    received stays his.
    """
    order = orders.lock(tx.connection, order_id)
    parcel = _note(tx, order_id, told)
    if parcel.state is ParcelState.RECEIVED or order.track not in UNDER_WAY:
        return
    tx.unschedule(times.AUTO_RECEIPT, parcel.id)
    cause = f"parcel:{parcel.id}"
    changed = take_out_units(tx, order, parcel.units, cause=cause, reason=reason)
    go_on(tx, order, changed, reason=reason)


def _note(tx: Tx, order_id: str, told: Parcel) -> Parcel:
    known = parcels.find(tx.connection, told.id)
    parcel = known.told(told) if known else told
    parcels.put(tx.connection, order_id, parcel)
    return parcel
