"""One message on its way by one channel, and when to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from notification_service.domain.notice import Channel

BUDGET: Final = timedelta(hours=24)
LADDER: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
)


class DeliveryState(StrEnum):
    """How far a delivery is."""

    DUE = "due"
    SENT = "sent"  # the mail server or provider took it over
    GIVEN_UP = "given_up"


class Outcome(StrEnum):
    """What came of one try."""

    SENT = "sent"
    REFUSED = "refused"  # for good: no other try will go better
    LATER = "later"  # no answer, or one that says "not now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One try. ``code``: the other side's number, or a word of ours; never a text of theirs,
    which repeats addresses.
    """

    outcome: Outcome
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A notice by one channel; ``attempts`` counts the tries begun, this one included."""

    notice_id: str
    channel: Channel
    give_up_at: datetime
    attempts: int = 0


def next_try(now: datetime, attempts: int, give_up_at: datetime) -> datetime | None:
    """When to try again after ``attempts`` in vain; None: it would be too late then."""
    again = now + LADDER[min(attempts, len(LADDER)) - 1]
    return again if again < give_up_at else None
