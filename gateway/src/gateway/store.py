"""Token buckets in a small SQLite file, shared by the gateway's processes on one host.

A bucket is one instant: when it will be full again (the generic cell rate algorithm of
ITU-T I.371). The file may be lost at any time: then everybody's bucket is full.

Taking is one statement. Python hands the interpreter on between two of them, and in a crowd gets it
back after tens of milliseconds: whoever held the file's lock so long kept all others out.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

SWEEP_EVERY: Final = 2_000
SWEPT_AT_ONCE: Final = 5_000  # more than come between two sweeps
BUSY_MS: Final = 100
OPENED_WITHIN_S: Final = 2.0  # by all threads of a process, once; in a crowd they wait for a turn
LOOK_EVERY_S: Final = 1.0  # whether the file is still there

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, full_at REAL NOT NULL) "
    "WITHOUT ROWID"
)
_TAKE: Final = """INSERT INTO buckets (name, full_at)
WITH wanted (name, each) AS (VALUES {wanted}),
then_full (name, full_at, each) AS (
    SELECT name, max(coalesce(full_at, :now), :now) + each, each
    FROM wanted LEFT JOIN buckets USING (name)
)
SELECT name, full_at FROM then_full
WHERE NOT EXISTS (SELECT 1 FROM then_full WHERE full_at > :now + 60.0 + each / 100)
ON CONFLICT (name) DO UPDATE SET full_at = excluded.full_at
"""  # a hundredth more, since sums of instants are not exact
_FULL_AT: Final = "SELECT full_at FROM buckets WHERE name = ?"
_NEXT: Final = "SELECT name FROM buckets WHERE name > ? ORDER BY name LIMIT 1 OFFSET ?"
_SWEEP: Final = "DELETE FROM buckets WHERE name > ? AND name <= ? AND full_at < ?"
_LAST: Final = "\U0010ffff"


class StoreFailed(Exception):
    """The counters cannot be read or written now."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Whose, and how many a minute."""

    name: str
    a_minute: int

    @property
    def each(self) -> float:
        """How many seconds fill it by one."""
        return 60.0 / self.a_minute


@dataclass(slots=True)
class _Open:
    """One thread's connection, and which file it is of."""

    connection: sqlite3.Connection
    inode: int
    looked_at: float = field(default_factory=time.monotonic)


class Buckets:
    """Takes one from each of several buckets, or from none. Thread-safe."""

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        """Nothing is opened yet: each thread opens the file when it first needs it."""
        self._path = path
        self._now = now
        self._mine = threading.local()
        self._opening = threading.Lock()
        self._opened: set[sqlite3.Connection] = set()
        self._taken = 0
        self._swept_to = ""

    def take(self, buckets: Iterable[Bucket]) -> float:
        """Take one from each; 0.0, or if one is empty after how many seconds it has one again.

        Raises:
            StoreFailed: the file cannot be used, or not in time.
        """
        try:
            connection, now = self._connection(), self._now()
            wait_s = _take(connection, list(buckets), now)
        except (sqlite3.Error, OSError) as error:
            self._learn_from(error)
            raise StoreFailed(f"{type(error).__name__}: {error}") from error
        self._taken += 1
        if self._taken % SWEEP_EVERY == 0:
            self._sweep(connection, now)
        return wait_s

    def close(self) -> None:
        """Let go of the file; nobody may take any more."""
        while self._opened:
            self._opened.pop().close()

    def _connection(self) -> sqlite3.Connection:
        mine: _Open | None = getattr(self._mine, "open", None)
        if mine is not None and time.monotonic() - mine.looked_at >= LOOK_EVERY_S:
            if mine.inode != _inode(self._path):
                self._let_go()
                mine = None
            else:
                mine.looked_at = time.monotonic()
        if mine is None:
            mine = self._mine.open = self._open_in_turn()
        return mine.connection

    def _open_in_turn(self) -> _Open:
        """SQLite waits for nobody while a file gets its log, so threads come one by one."""
        if not self._opening.acquire(timeout=OPENED_WITHIN_S):
            raise StoreFailed("Other threads still open the file.")
        try:
            return self._open()
        finally:
            self._opening.release()

    def _open(self) -> _Open:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self._path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False
        )
        self._opened.add(connection)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")  # a power cut takes a minute's count
            connection.execute(_TABLE)
        except sqlite3.Error:
            self._forget(connection)
            raise
        return _Open(connection, _inode(self._path))

    def _learn_from(self, error: Exception) -> None:
        """Open the file anew, unless it was only busy; without what it held, if it is damaged.

        One that is no database at all is left alone: it may be somebody's.
        """
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_BUSY:
            return
        self._let_go()
        if code == sqlite3.SQLITE_CORRUPT:
            log.error("The counters in %s are damaged; counting begins anew.", self._path)
            for more in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + more).unlink(missing_ok=True)

    def _let_go(self) -> None:
        mine: _Open | None = getattr(self._mine, "open", None)
        if mine is not None:
            self._mine.open = None
            self._forget(mine.connection)

    def _forget(self, connection: sqlite3.Connection) -> None:
        self._opened.discard(connection)
        connection.close()

    def _sweep(self, connection: sqlite3.Connection, now: float) -> None:
        """Take out those of the next few thousand that are full, which is what none says too.

        However many there are: looking at all of them would hold everybody up.
        """
        start = self._swept_to
        try:
            found = connection.execute(_NEXT, (start, SWEPT_AT_ONCE)).fetchone()
            end = found[0] if found else _LAST
            connection.execute(_SWEEP, (start, end, now))
        except sqlite3.Error as error:
            log.info("The counters are swept another time: %s", error)
            return
        self._swept_to = found[0] if found else ""


def _take(connection: sqlite3.Connection, buckets: Sequence[Bucket], now: float) -> float:
    if not buckets:
        return 0.0
    values: dict[str, object] = {"now": now}
    for place, one in enumerate(buckets):
        values |= {f"name{place}": one.name, f"each{place}": one.each}
    if connection.execute(_take_from(len(buckets)), values).rowcount:
        return 0.0
    return max(_wait_s(connection, one, now) for one in buckets)


@cache
def _take_from(count: int) -> str:
    return _TAKE.format(wanted=", ".join(f"(:name{n}, :each{n})" for n in range(count)))


def _wait_s(connection: sqlite3.Connection, bucket: Bucket, now: float) -> float:
    found = connection.execute(_FULL_AT, (bucket.name,)).fetchone()
    full_at = float(found[0]) if found else now
    return max(full_at + bucket.each - now - 60.0, 0.001)


def _inode(path: Path) -> int:
    """Which file it is; 0: none, any more."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0
