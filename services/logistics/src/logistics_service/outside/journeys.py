"""Journeys a pretend carrier takes parcels on, step by step, with the troubles of real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import uuid4

from logistics_service.domain.trace import Note, Sighting, Trace
from logistics_service.outside.pretend_carrier import PretendCarrier, Push


class Journey(StrEnum):
    """How far a parcel is to be taken."""

    ONE_STEP = "one_step"
    SIGNED = "signed"
    REFUSED = "refused"
    RETURNED = "returned"
    LOST = "lost"


class Trouble(StrEnum):
    """How badly the carrier tells of it."""

    NONE = "none"
    TWICE = "twice"
    SHUFFLED = "shuffled"  # the last first
    GAPS = "gaps"  # nothing between the first and the last
    SILENT = "silent"  # nothing at all, until it is asked


@dataclass(frozen=True, slots=True)
class _Step:
    state: Sighting
    place: str
    note: Note | None = None


_S: Final = Sighting
_OUTWARD: Final = (
    _Step(_S.COLLECTED, "上海"),
    _Step(_S.IN_TRANSIT, "上海"),
    _Step(_S.IN_TRANSIT, "杭州"),
    _Step(_S.OUT_FOR_DELIVERY, "杭州"),
)
_SIGNED: Final = (*_OUTWARD, _Step(_S.SIGNED, "杭州"))
_REFUSED: Final = (*_OUTWARD, _Step(_S.REFUSED, "杭州"))
_BACK: Final = (_Step(_S.RETURNING, "杭州"), _Step(_S.RETURNED_TO_SENDER, "上海"))
_LOST: Final = (*_OUTWARD[:3], _Step(_S.EXCEPTION, "杭州"), _Step(_S.LOST, "杭州"))

_ROADS: Final = {
    Journey.ONE_STEP: _SIGNED,
    Journey.SIGNED: _SIGNED,
    Journey.REFUSED: _REFUSED,
    Journey.RETURNED: (*_REFUSED, *_BACK),
    Journey.LOST: _LOST,
}


def travel(
    carrier: PretendCarrier, waybill: str, journey: Journey, *, trouble: Trouble, now: datetime
) -> list[Push]:
    """Take the parcel on from where it is, a second a step; the pushes that tell of it.

    Nothing is left to do where it has come to its end, or where the way does not lead on.
    """
    before = list(carrier.track(waybill))
    steps = _ahead(journey, before)
    next_second = now.replace(microsecond=0) + timedelta(seconds=1)  # never before it was shipped
    at = max([next_second, *(one.at + timedelta(seconds=1) for one in before)])
    new = [_seen(waybill, step, at + timedelta(seconds=n)) for n, step in enumerate(steps)]
    for one in new:
        carrier.note(waybill, one)
    told = [carrier.push(waybill, [*before, *new[: n + 1]], sent_at=now) for n in range(len(new))]
    return _troubled(told, trouble)


def _ahead(journey: Journey, before: Sequence[Trace]) -> Sequence[_Step]:
    been = [(one.state, one.place) for one in before]
    road = _ROADS[journey]
    if journey is Journey.ONE_STEP and any(state is _S.REFUSED for state, _ in been):
        road = _ROADS[Journey.RETURNED]
    done = 0
    while done < len(road) and (road[done].state, road[done].place) in been:
        done += 1
    ahead = road[done:]
    return ahead[:1] if journey is Journey.ONE_STEP else ahead


def _seen(waybill: str, step: _Step, at: datetime) -> Trace:
    signed = step.state is _S.SIGNED
    return Trace(
        carrier="",
        event_id=uuid4().hex,
        state=step.state,
        place=step.place,
        at=at,
        note=step.note,
        signer="本人" if signed else None,
        proof=f"pod/{waybill}.jpg" if signed else None,
    )


def _troubled(told: list[Push], trouble: Trouble) -> list[Push]:
    match trouble:
        case Trouble.TWICE:
            return [push for push in told for _ in range(2)]
        case Trouble.SHUFFLED:
            return told[::-1]
        case Trouble.GAPS:
            return [*told[:1], *told[1:][-1:]]
        case Trouble.SILENT:
            return []
    return told
