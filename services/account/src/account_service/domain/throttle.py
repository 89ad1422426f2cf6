"""How often something may be tried (SECURITY.md part 1, brute force).

A try is counted before it is looked at, so that many at once are as many tries; what comes too soon
is refused without being counted, so nobody can lock a person out for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from account_service.domain.errors import TooManyTries

FREE_TRIES: Final = 3  # people mistype
LONGEST_DELAY_S: Final = 15 * 60
FORGOTTEN_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often it was tried, and until when that counts."""

    count: int
    until: datetime


class Rule(Protocol):
    """Bounds the tries of one key."""

    def counted(self, tally: Tally | None, now: datetime) -> Tally:
        """The tally with one more try.

        Raises:
            TooManyTries: not yet.
        """


@dataclass(frozen=True, slots=True)
class Delay:
    """After three free tries one second, then twice as long each time, 15 minutes at most.

    That makes 15 tries in the first hour and four in each that follows.
    """

    def counted(self, tally: Tally | None, now: datetime) -> Tally:
        """See `Rule`."""
        if tally is None or now >= tally.until + FORGOTTEN_AFTER:
            return Tally(1, now)
        _must_be_over(tally.until, now)
        count = tally.count + 1
        if count < FREE_TRIES:
            return Tally(count, now)
        delay_s = min(2 ** min(count - FREE_TRIES, 20), LONGEST_DELAY_S)
        return Tally(count, now + timedelta(seconds=delay_s))


@dataclass(frozen=True, slots=True)
class Quota:
    """So many in each stretch of time."""

    at_most: int
    per: timedelta

    def counted(self, tally: Tally | None, now: datetime) -> Tally:
        """See `Rule`."""
        if tally is None or now >= tally.until:
            return Tally(1, now + self.per)
        if tally.count >= self.at_most:
            _must_be_over(tally.until, now)
        return Tally(tally.count + 1, tally.until)


def _must_be_over(until: datetime, now: datetime) -> None:
    if now < until:
        raise TooManyTries(max(1, -int((now - until).total_seconds() // 1)))
