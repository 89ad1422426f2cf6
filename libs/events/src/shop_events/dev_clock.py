"""A clock that the processes of one development shop share, and that can be moved.

It is the machine's clock plus an offset kept in a small file, so that ten days of waiting for a
receipt pass for the web processes and the workers at once. Never for production.
"""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

_OFFSET: Final = struct.Struct("<d")  # seconds ahead of the machine's clock


class SharedClock:
    """The clock in the file ``path``, which is made if it is not there."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_OFFSET.pack(0.0))
        with path.open("r+b") as file:
            self._offset = mmap.mmap(file.fileno(), _OFFSET.size)

    def now(self) -> datetime:
        """The machine's instant, moved by the offset."""
        (ahead_s,) = _OFFSET.unpack(self._offset[:])
        return datetime.now(UTC) + timedelta(seconds=ahead_s)

    def advance(self, by: timedelta) -> None:
        """Move forward for every process that shares the file."""
        (ahead_s,) = _OFFSET.unpack(self._offset[:])
        self._offset[:] = _OFFSET.pack(ahead_s + by.total_seconds())

    def set(self, at: datetime) -> None:
        """Have it be ``at`` now; the clock goes on from there."""
        ahead_s = (at - datetime.now(UTC)).total_seconds()
        self._offset[:] = _OFFSET.pack(ahead_s)
