"""Spares a service that is down, and those who wait for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

FAILURES: Final = 5
REST_S: Final = 3.0


class Breaker:
    """Open for ``REST_S`` after five failures in a row; then one call at a time tries. Thread-safe.

    A failure is no answer at all: a service that says 503 is well enough to say so.
    """

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_at = 0.0  # when somebody may try again

    def wait_s(self) -> float:
        """0.0 for a call that may go through; otherwise how long it is better to wait."""
        if self._failures < FAILURES:
            return 0.0
        with self._lock:
            left_s = self._closed_at - self._now()
            if left_s > 0:
                return left_s
            self._closed_at = self._now() + REST_S  # this one tries; the others wait for it
            return 0.0

    def succeeded(self) -> None:
        """The service answered."""
        if self._failures:
            with self._lock:
                self._failures = 0

    def failed(self) -> None:
        """It did not."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._closed_at = self._now() + REST_S
