"""A small file whose content may change while the process runs.

One that was replaced is read again within seconds. One that cannot be read is reported and changes
nothing: what it said yesterday is better than nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Generic, TypeVar

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 2.0

T = TypeVar("T")


class WatchedFile(Generic[T]):
    """What a file says now; it is looked at every two seconds at most."""

    def __init__(self, path: Path, read: Callable[[str], T]) -> None:
        """
        Raises:
            OSError or ValueError: it cannot be read now, or says nothing of use.
        """
        self._path = path
        self._read = read
        self._lock = threading.Lock()
        self._seen = self._stamp()
        self._value = read(path.read_text(encoding="utf-8"))
        self._look_again_at = time.monotonic() + LOOK_EVERY_S

    def value(self) -> T:
        """What it said when it could last be read."""
        if time.monotonic() >= self._look_again_at and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._look_again_at = time.monotonic() + LOOK_EVERY_S
                self._lock.release()
        return self._value

    def _look(self) -> None:
        try:
            stamp = self._stamp()
            if stamp != self._seen:
                self._value = self._read(self._path.read_text(encoding="utf-8"))
                self._seen = stamp
                log.info("%s was read again.", self._path.name)
        except (OSError, ValueError):
            log.exception("%s cannot be read. What it said before counts.", self._path.name)

    def _stamp(self) -> tuple[int, int, int]:
        found = self._path.stat()
        return found.st_mtime_ns, found.st_ino, found.st_size
