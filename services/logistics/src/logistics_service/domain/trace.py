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


class Note(StrEnum):
    """What a sighting says more closely, where it does."""

    REROUTED = "rerouted"
    AT_CUSTOMS = "at_customs"
    THROUGH_CUSTOMS = "through_customs"
    AT_COUNTER = "at_counter"  # waits in a locker or a shop
    HANDED_OVER = "handed_over"  # by the merchant's own people


# Which state of a parcel a sighting means. Collected is what we called shipped already.
STATES: Final = {
    sighting: ParcelState.SHIPPED if sighting is Sighting.COLLECTED else ParcelState(sighting)
    for sighting in Sighting
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One sighting. ``place`` is a town or a depot; ``event_id`` and ``code`` the carrier's own.

    ``signer`` names a person, and ``proof`` may show one: never in a public event or a log.
    """

    carrier: str
    event_id: str
    state: Sighting
    place: str
    at: datetime
    code: str | None = None
    note: Note | None = None
    signer: str | None = None
    proof: str | None = None


# What people read of it, in Chinese and in English.
_SENTENCES: Final[dict[Sighting | Note, tuple[str, str]]] = {
    Sighting.COLLECTED: ("承运方已揽收", "The carrier has the parcel"),
    Sighting.IN_TRANSIT: ("包裹运输中", "On its way"),
    Sighting.OUT_FOR_DELIVERY: ("正在派送", "Out for delivery"),
    Sighting.FAILED_ATTEMPT: ("派送未成功, 将再次派送", "Nobody was met; the carrier tries again"),
    Sighting.SIGNED: ("已签收", "Delivered and signed for"),
    Sighting.EXCEPTION: (
        "运输异常, 承运方正在处理",
        "Something holds it up; the carrier sees to it",
    ),
    Sighting.REFUSED: ("收件人拒收", "Refused by the recipient"),
    Sighting.RETURNING: ("正在退回寄件人", "On its way back to the sender"),
    Sighting.RETURNED_TO_SENDER: ("已退回寄件人", "Back at the sender"),
    Sighting.LOST: ("包裹遗失", "The carrier has lost the parcel"),
    Note.REROUTED: ("已转寄其他地址", "Sent on another way"),
    Note.AT_CUSTOMS: ("海关查验中", "At customs"),
    Note.THROUGH_CUSTOMS: ("海关已放行", "Released by customs"),
    Note.AT_COUNTER: ("已到自提点, 请及时取件", "Waits at a counter to be fetched"),
    Note.HANDED_OVER: ("商家已当面交付", "Handed over by the seller"),
}


def sentences(trace: Trace) -> dict[str, str]:
    """What happened, by language, with the place where it did."""
    chinese, english = _SENTENCES[trace.note or trace.state]
    if trace.place:
        chinese, english = f"【{trace.place}】{chinese}", f"{trace.place}: {english}"
    return {"zh-CN": chinese, "en": english}
