"""Tell people that something takes too long. Nothing is decided here."""

from __future__ import annotations

import logging

from logistics_service.domain.parcel import ENDED
from logistics_service.domain.reservation import ReservationState
from logistics_service.store import fulfilments, reservations
from logistics_service.usecases import times
from shop_events import Tx

log = logging.getLogger(__name__)


def warn_of_overdue_hold(tx: Tx, order_id: str) -> None:
    """Order has not ended a hold in time. It alone may: warn, and again in an hour."""
    held = [
        one
        for one in reservations.of_order(tx.connection, order_id)
        if one.state is ReservationState.HELD
    ]
    if held:
        log.error("The order %s still holds goods, past its time to be paid.", order_id)
        tx.schedule(times.HOLD_OVERDUE, order_id, tx.now + times.WARN_AGAIN_AFTER)


def warn_of_silent_parcel(tx: Tx, parcel_id: str) -> None:
    """A carrier has said nothing of a parcel for two days: warn, and again after two more."""
    parcel = fulfilments.get(tx.connection, parcel_id).parcel(parcel_id)
    if parcel.state not in ENDED:
        log.error("%s says nothing of the parcel %s.", parcel.carrier, parcel_id)
        tx.schedule(times.SILENT_PARCEL, parcel_id, tx.now + times.SILENCE)
