"""Wakes the relay and the deadlines when something was committed, without costing the commit.

In one process a bell is a condition. Across processes the one who committed sends a PostgreSQL
NOTIFY afterwards, on a connection of its own: a transaction that notifies takes an instance-wide
lock at commit, and ours never does. Nothing is lost when a ring is: the relay also polls.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Final, Protocol

import psycopg

CHANNEL: Final = "jishi_outbox"
COALESCE_S: Final = 0.005  # at most one NOTIFY in this time, however many commits


class Bell(Protocol):
    """Rung after a commit, waited for by whoever looks for work."""

    def ring(self) -> None:
        """Something was committed. Never blocks, never raises."""

    def seen(self) -> int:
        """How often it was rung so far; give it to `wait`."""

    def wait(self, seen: int, timeout_s: float) -> int:
        """Wait until it was rung more than ``seen`` times, or the time is over; the new count."""

    def close(self) -> None:
        """Stop whatever carries the ring elsewhere."""


class LocalBell:
    """A bell heard inside this process."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._count = 0

    def ring(self) -> None:
        """Wake who waits in this process."""
        with self._condition:
            self._count += 1
            self._condition.notify_all()

    def seen(self) -> int:
        """How often it was rung."""
        with self._condition:
            return self._count

    def wait(self, seen: int, timeout_s: float) -> int:
        """Wait for the next ring after ``seen``, or ``timeout_s``."""
        with self._condition:
            self._condition.wait_for(lambda: self._count > seen, timeout_s)
            return self._count

    def close(self) -> None:
        """Nothing to let go of."""


class PostgresBell(LocalBell):
    """A bell heard in every process of a service: rings here at once, elsewhere by NOTIFY.

    ``conninfo`` is libpq's form of the service's database URL. The carrying thread starts with
    the first ring, so that importing and forking stay free of connections.
    """

    def __init__(self, conninfo: str) -> None:
        super().__init__()
        self._conninfo = conninfo
        self._due = threading.Event()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def ring(self) -> None:
        """Wake who waits here, and have the others told within a few milliseconds."""
        super().ring()
        self._due.set()
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    thread = threading.Thread(target=self._carry, name="bell", daemon=True)
                    self._thread = thread
                    thread.start()

    def close(self) -> None:
        """End the carrying thread; waits for it at most two seconds."""
        self._closed.set()
        self._due.set()
        if self._thread is not None:
            self._thread.join(2.0)

    def heard(self) -> None:
        """Another process rang: wake who waits here, and tell nobody again."""
        super().ring()

    def _carry(self) -> None:
        connection: psycopg.Connection | None = None
        while not self._closed.is_set():
            self._due.wait()
            self._due.clear()
            if self._closed.is_set():
                break
            connection = self._notify(connection)
            self._closed.wait(COALESCE_S)
        if connection is not None:
            connection.close()

    def _notify(self, connection: psycopg.Connection | None) -> psycopg.Connection | None:
        try:
            if connection is None or connection.closed:
                connection = psycopg.connect(self._conninfo, autocommit=True, connect_timeout=2)
            connection.execute(f"NOTIFY {CHANNEL}")
        except psycopg.Error:
            # The relay's poll finds the row within its idle interval; the next ring reconnects.
            with contextlib.suppress(psycopg.Error):
                if connection is not None:
                    connection.close()
            return None
        return connection
