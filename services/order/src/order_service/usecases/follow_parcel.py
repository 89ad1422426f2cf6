"""Logistics tells how far a parcel is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from order_service.domain.happening import Kind
from order_service.domain.order import Order
from order_service.domain.parcel import Parcel, ParcelState
from order_service.domain.track import UNDER_WAY
from order_service.store import orders, parcels
from order_service.usecases import times
from order_service.usecases.go_on import go_on
from order_service.usecases.take_out_units import take_out_units
from order_service.usecases.tell import tell
from shop_events import Tx
from shop_events.contracts.order import CancelReason

_TOLD: Final = {
    ParcelState.PACKED: Kind.PACKED,
    ParcelState.SHIPPED: Kind.SHIPPED,
    ParcelState.DELIVERED: Kind.DELIVERED,
    ParcelState.REFUSED: Kind.TURNED_BACK,
    ParcelState.LOST: Kind.TURNED_BACK,
    ParcelState.RETURNED: Kind.TURNED_BACK,
}


def follow_parcel(tx: Tx, order_id: str, told: Parcel) -> None:
    """Remember what was told of the parcel; what arrives late never turns it back.

    One that nobody can trace counts as received some days after its promised arrival (FEATURES
    93).
    """
    order = orders.lock(tx.connection, order_id)
    parcel = _note(tx, order_id, told)
    if parcel.state is ParcelState.SHIPPED and not order.traceable and parcel.receive_at is None:
        promised = timedelta(days=order.promise_days or 0)
        _await(tx, order, parcel, tx.now + promised + times.RECEIPT_AFTER_PROMISE)


def note_trace(
    tx: Tx, order_id: str, parcel_id: str, *, state: str, place: str, at: datetime
) -> None:
    """The carrier said where a parcel is. Idempotent on the parcel, what was said, and when."""
    orders.track_of(tx.connection, order_id)
    key = f"{parcel_id}:{state}:{at.isoformat()}"
    at = min(at, tx.now)
    tell(tx, order_id, Kind.TRACE, key=key, at=at, parcel_id=parcel_id, state=state, place=place)


def await_receipt(tx: Tx, order_id: str, told: Parcel, *, signed_at: datetime) -> None:
    """The parcel was signed for: ten days later it counts as received, unless said before (F4).

    A carrier's clock that runs ahead does not make the ten days longer. Idempotent on the parcel.
    """
    order = orders.lock(tx.connection, order_id)
    before = parcels.find(tx.connection, told.id)
    after = _note(tx, order_id, told)
    if after.state is ParcelState.DELIVERED and (before is None or before.state != after.state):
        _await(tx, order, after, min(signed_at, tx.now) + times.RECEIPT_AFTER_SIGNED)


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
    kind, key = _news(told)
    tell(
        tx,
        order_id,
        kind,
        key=key,
        parcel_id=told.id,
        carrier=told.carrier or "",
        waybill=told.waybill or "",
        state=told.state,
    )
    return parcel


def _news(told: Parcel) -> tuple[Kind, str]:
    if told.waybill_version:
        return Kind.WAYBILL_CORRECTED, f"{told.id}:{told.waybill_version}"
    return _TOLD[told.state], f"{told.id}:{told.state}"


def _await(tx: Tx, order: Order, parcel: Parcel, due_at: datetime) -> None:
    parcels.put(tx.connection, order.id, replace(parcel, receive_at=due_at))
    tx.schedule(times.AUTO_RECEIPT, parcel.id, due_at)
