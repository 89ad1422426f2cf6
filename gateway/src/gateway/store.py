"""Token buckets in a small SQLite file, shared by the gateway's processes on one host.

A bucket is one instant: when it will be full again (the generic cell rate algorithm of
ITU-T I.371). The file may be lost at any time: then everybody's bucket is full.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SWEEP_EVERY: Final = 2_000
SWEPT_AT_ONCE: Final = 5_000
BUSY_MS: Final = 100

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, full_at REAL NOT NULL) "
    "WITHOUT ROWID"
)
_TAKE: Final = """
INSERT INTO buckets (name, full_at) VALUES (:name, :now + :each)
ON CONFLICT (name) DO UPDATE SET full_at = max(full_at, :now) + :each
WHERE max(full_at, :now) + :each <= :now + :whole
"""
_FULL_AT: Final = "SELECT full_at FROM buckets WHERE name = ?"
_SWEEP: Final = (
    "DELETE FROM buckets WHERE name IN (SELECT name FROM buckets WHERE full_at < ? LIMIT ?)"
)


class StoreFailed(Exception):
    """The counters cannot be read or written now."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Whose, and how many a minute."""

    name: str
    a_minute: int


class Buckets:
    """Takes one from each of several buckets, or from none. Thread-safe."""

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        """Nothing is opened yet: each thread opens the file when it first needs it."""
        self._path = path
        self._now = now
        self._mine = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._taken = 0

    def take(self, buckets: Iterable[Bucket]) -> float:
        """Take one from each; 0.0, or if one is empty after how many seconds it has one again.

        Raises:
            StoreFailed: the file cannot be used, or not in time.
        """
        try:
            return self._take(list(buckets))
        except sqlite3.Error as error:
            self._mine.connection = None
            raise StoreFailed(f"{type(error).__name__}: {error}") from error

    def close(self) -> None:
        """Let go of the file; nobody may take any more."""
        while self._opened:
            self._opened.pop().close()

    def _take(self, buckets: list[Bucket]) -> float:
        connection, now = self._connection(), self._now()
        connection.execute("BEGIN IMMEDIATE")
        try:
            wait_s = max((_take_one(connection, one, now) for one in buckets), default=0.0)
            connection.execute("ROLLBACK" if wait_s else "COMMIT")
        except BaseException:
            connection.close()  # which rolls back
            self._mine.connection = None
            raise
        self._taken += 1
        if self._taken % SWEEP_EVERY == 0:
            connection.execute(_SWEEP, (now, SWEPT_AT_ONCE))
        return wait_s

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._mine, "connection", None)
        if found is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            found = sqlite3.connect(
                self._path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False
            )
            self._opened.append(found)
            found.execute("PRAGMA journal_mode = WAL")
            found.execute("PRAGMA synchronous = OFF")  # what a power cut takes is a minute's count
            found.execute(_TABLE)
            self._mine.connection = found
        return found


def _take_one(connection: sqlite3.Connection, bucket: Bucket, now: float) -> float:
    each = 60.0 / bucket.a_minute
    whole = 60.0 + each / 100  # sums of instants are not exact
    values = {"name": bucket.name, "now": now, "each": each, "whole": whole}
    if connection.execute(_TAKE, values).rowcount == 1:
        return 0.0
    (full_at,) = connection.execute(_FULL_AT, (bucket.name,)).fetchone()
    return max(float(full_at) + each - now - 60.0, 0.001)
