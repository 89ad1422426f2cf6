"""Logistics told how far a parcel is."""

from __future__ import annotations

from datetime import datetime

from order_service.domain.status import Parcel
from order_service.store import orders, told
from order_service.usecases import times
from order_service.usecases.settle_cancellation import take_out_units
from shop_events import Tx
from shop_events.contracts.order import CancelReason


def follow_parcel(
    tx: Tx, order_id: str, parcel: Parcel, *, signed_at: datetime | None = None
) -> None:
    """Remember how far the parcel is; what arrives late never turns it back.

    A signed parcel is taken as received ten days later, unless the buyer says so before (F4).
    """
    orders.lock(tx.connection, order_id)
    if told.put_parcel(tx.connection, order_id, parcel) and signed_at is not None:
        tx.schedule(times.AUTO_RECEIPT, parcel.id, signed_at + times.RECEIPT_AFTER_SIGNED)


def take_back_refused(tx: Tx, order_id: str, parcel: Parcel) -> None:
    """Nobody took the parcel at the door: it is on its way back, and so is what it cost.

    Publishes OrderRefundRequested; payment knows whether there is money or only a debt to undo.
    Idempotent on the parcel.
    """
    follow_parcel(tx, order_id, parcel)
    cause = f"at_door:{parcel.id}"
    reason = CancelReason.REFUSED_AT_DOOR
    take_out_units(tx, order_id, parcel.units, cause=cause, reason=reason)


def forget_parcel(tx: Tx, parcel_id: str) -> None:
    """The parcel will not be received: it came back or was lost."""
    tx.unschedule(times.AUTO_RECEIPT, parcel_id)
