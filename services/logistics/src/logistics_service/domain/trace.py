"""A trace: a carrier saw a parcel somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from logistics_service.domain.parcel import ParcelState


class Sighting(StrEnum):
    """What a carrier may say of a parcel, in the words all carriers' codes are mapped to (F1)."""

    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    FAILED_ATTEMPT = "failed_attempt"
    SIGNED = "signed"
    EXCEPTION = "exception"
    REFUSED = "refused"
    RETURNING = "returning"
    RETURNED_TO_SENDER = "returned_to_sender"
    LOST = "lost"


# Which state of a parcel a sighting means. Collected is what we called shipped already.
STATES: Final = {
    sighting: ParcelState.SHIPPED if sighting is Sighting.COLLECTED else ParcelState(sighting)
    for sighting in Sighting
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One sighting. ``place`` is a town or a depot; ``event_id`` is the carrier's own."""

    carrier: str
    event_id: str
    state: Sighting
    place: str
    at: datetime
