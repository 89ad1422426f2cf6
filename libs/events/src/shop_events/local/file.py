"""The SQLite file of a local broker, and the one lock that everything in it goes through.

All threads share one connection behind one lock. SQLite lets one writer in at a time whatever we
do, and nearly every call here writes; with a connection per thread the others would wait in
SQLite's busy handler, which sleeps and looks again (up to 100 ms between looks), where a lock
wakes the next one at once. The same lock belongs to the conditions that consumers wait on, so
that no message can arrive between looking into a queue and waiting for it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from shop_events.broker import BrokerUnavailable
from shop_events.clock import Clock, ManualClock
from shop_events.local.claim import Claim

LONGEST_TURN_S: Final = 10.0
FORM: Final = 1  # of the tables below; a file of another form is refused
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

# A delivery is held while a consumer works on it, and due_at is set while it waits for a retry.
# Instants are whole microseconds. One index serves taking, coming due and what a crash left held.
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS exchange (name TEXT PRIMARY KEY, type TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS queue (
    name TEXT PRIMARY KEY, kind TEXT NOT NULL, ttl INTEGER, home TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS binding (
    exchange TEXT NOT NULL, key TEXT NOT NULL, queue TEXT NOT NULL,
    PRIMARY KEY (exchange, key, queue)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY, queue TEXT NOT NULL, held INTEGER NOT NULL DEFAULT 0, due_at INTEGER,
    deliveries INTEGER NOT NULL DEFAULT 0, since INTEGER NOT NULL, exchange TEXT NOT NULL,
    key TEXT NOT NULL, headers BLOB NOT NULL, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS message_state ON message (held, queue, due_at, id);
CREATE TABLE IF NOT EXISTS log (
    offset INTEGER PRIMARY KEY AUTOINCREMENT, logged_at INTEGER NOT NULL, at INTEGER NOT NULL,
    headers BLOB NOT NULL, body BLOB NOT NULL);
"""


class Forked(RuntimeError):
    """A forked child used a broker its parent had opened: SQLite forbids it, open a new one."""


class LocalFile:
    """The open file. ``turn`` makes a thread the only one at it; ``change`` is a transaction.

    Raises:
        BrokerUnavailable: the file belongs to another process, or cannot be opened.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._bells: dict[str, threading.Condition] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        self._claim = Claim(path)
        try:
            self._connection: sqlite3.Connection | None = _opened(path)
        except sqlite3.Error as error:
            self._claim.let_go()
            raise BrokerUnavailable(f"{path} cannot be opened as a broker: {error}.") from error
        self._durable = True
        self._last_id = int(self.one("SELECT coalesce(max(id), 0) FROM message"))
        if isinstance(clock, ManualClock):
            clock.on_change(self._ring_all)

    @contextmanager
    def turn(self, *, timeout_s: float = LONGEST_TURN_S) -> Iterator[None]:
        """Be the only one at the file.

        Raises:
            BrokerUnavailable: the file is closed or cannot be used, or the turn did not come.
            Forked: a parent process opened it.
        """
        if os.getpid() != self._pid:
            raise Forked(f"{self.path} was opened before the fork, by process {self._pid}.")
        if not self._lock.acquire(timeout=max(timeout_s, 0)):
            raise BrokerUnavailable(f"{self.path} was busy for {timeout_s} s.")
        try:
            yield
        except sqlite3.Error as error:
            raise BrokerUnavailable(f"{self.path} cannot be used: {error}.") from error
        finally:
            self._lock.release()

    @contextmanager
    def change(self, *, durable: bool = False) -> Iterator[None]:
        """One transaction, within a turn. ``durable``: it outlives a power failure.

        Only what a publisher was told is confirmed has to: an ack, a lease or a moved message that
        a power failure takes back means that the delivery comes again, which is allowed. In WAL
        mode NORMAL keeps the file sound and loses nothing when merely the process dies
        (https://www.sqlite.org/pragma.html#pragma_synchronous), and a later durable transaction
        carries all earlier ones with it.
        """
        if durable is not self._durable:
            self.run(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            self._durable = durable
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            if self._open().in_transaction:
                self.run("ROLLBACK")
            raise

    def run(self, statement: str, values: Iterable[object] = ()) -> sqlite3.Cursor:
        """One statement, within a turn."""
        return self._open().execute(statement, tuple(values))

    def run_each(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """One statement for many rows, within a change."""
        self._open().executemany(statement, rows)

    def one(self, statement: str, values: Iterable[object] = ()) -> int:
        """The single number a statement gives."""
        return int(self.run(statement, values).fetchone()[0])

    def next_id(self) -> int:
        """The id of a message that goes to the end of its queue."""
        self._last_id += 1
        return self._last_id

    def now(self) -> int:
        """The clock's instant in microseconds."""
        return micros(self._clock.now())

    def wait(self, queue: str, timeout_s: float, *, due_at: int | None) -> None:
        """Within a turn: let others have it until the queue's bell, the timeout or a due instant.

        With a due instant ahead it looks once a second, because a machine's clock may be set.
        """
        if due_at is not None and not isinstance(self._clock, ManualClock):
            timeout_s = min(timeout_s, 1.0, max((due_at - self.now()) / 1e6, 0.001))
        self._bell(queue).wait(timeout_s)

    def ring(self, queues: Iterable[str]) -> None:
        """Within a turn: wake whoever waits at these queues."""
        for queue in queues:
            self._bell(queue).notify_all()

    def close(self) -> None:
        """Close the file and wake everyone; what was held comes again when it is opened."""
        with self.turn():
            if self._connection is None:
                return
            self._connection.close()
            self._connection = None
            self._claim.let_go()
            self.ring(list(self._bells))

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise BrokerUnavailable(f"The broker file {self.path} is closed.")
        return self._connection

    def _bell(self, queue: str) -> threading.Condition:
        return self._bells.setdefault(queue, threading.Condition(self._lock))

    def _ring_all(self) -> None:
        if os.getpid() == self._pid:
            with self.turn():
                self.ring(list(self._bells))


def micros(at: datetime) -> int:
    """An instant as whole microseconds, exactly."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def _opened(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)  # private events name people; SQLite's side files get the same mode
    connection = sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    form = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if form not in (0, FORM):
        raise sqlite3.NotSupportedError(f"its form is {form}, and this release knows {FORM}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.executescript(f"BEGIN IMMEDIATE;{_TABLES}PRAGMA user_version={FORM};COMMIT;")
