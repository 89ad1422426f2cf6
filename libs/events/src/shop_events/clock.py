"""What time it is. Code asks a clock, so that tests and replays can move it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """Stands still until it is moved: for tests, replays and the development shop.

    ``on_change`` functions are called after each move, so that whoever waits for a due time
    looks again.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
        self._lock = threading.Lock()
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """The instant it was last set to."""
        with self._lock:
            return self._now

    def advance(self, by: timedelta) -> None:
        """Move forward (or, for a fault test, back)."""
        self.set(self.now() + by)

    def set(self, at: datetime) -> None:
        """Jump to an instant.

        Raises:
            ValueError: ``at`` is not aware.
        """
        if at.tzinfo is None:
            raise ValueError(f"{at} has no time zone.")
        with self._lock:
            self._now = at.astimezone(UTC)
        for listener in self._listeners:
            listener()

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after each move."""
        self._listeners.append(listener)
