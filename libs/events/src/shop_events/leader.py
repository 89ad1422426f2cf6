"""One active relay per service: an advisory lock in its database, others standing by."""

from __future__ import annotations

import fcntl
import os
import threading
import zlib
from typing import Final, Protocol

import psycopg

from shop_events.bell import CHANNEL, PostgresBell
from shop_events.database import Database

# The first key of our advisory locks: the letters "jish". The second is the purpose.
LOCK_SPACE: Final = 0x6A697368


class Lock(Protocol):
    """Held by at most one process at a time, and let go by the system when that process dies."""

    def try_hold(self) -> bool:
        """Whether it is held now by this process; tries to take it where it is not."""

    def close(self) -> None:
        """Let it go."""


def lock_for(database: Database, purpose: str) -> Lock:
    """The lock of ``purpose`` in this service's database."""
    if database.is_postgres:
        return PostgresLock(database, purpose)
    return FileLock(f"{database.url.database}.{purpose}.lock")


class FileLock:
    """A lock on a file beside a SQLite database; the system lets go of it at the process's end."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: int | None = None

    def try_hold(self) -> bool:
        """Whether this process holds the file's lock."""
        if self._file is not None:
            return True
        file = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def close(self) -> None:
        """Let go of the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class PostgresLock:
    """A session's advisory lock. Its connection also hears the service's bell."""

    def __init__(self, database: Database, purpose: str) -> None:
        self._database = database
        self._key = zlib.crc32(purpose.encode()) & 0x7FFFFFFF
        self._connection: psycopg.Connection | None = None  # whose session holds the lock
        self._standing_by: psycopg.Connection | None = None  # whose session asks for it
        self._ears: threading.Thread | None = None

    def try_hold(self) -> bool:
        """Whether our session holds the lock; a lost connection means that it does not."""
        if self._connection is not None and not self._connection.closed:
            return True
        connection = self._standing_by
        if connection is None or connection.closed:
            connection = self._standing_by = self._database.listen()
        row = connection.execute(
            "SELECT pg_try_advisory_lock(%s, %s)", (LOCK_SPACE, self._key)
        ).fetchone()
        if row is None or not row[0]:
            return False
        connection.execute(f"LISTEN {CHANNEL}")
        self._connection, self._standing_by = connection, None
        self._ears = threading.Thread(
            target=self._hear, args=(connection,), name="ears", daemon=True
        )
        self._ears.start()
        return True

    def close(self) -> None:
        """End the session, and with it the lock."""
        for session in (self._connection, self._standing_by):
            if session is not None:
                session.close()
        if self._ears is not None:
            self._ears.join(2.0)
        self._connection = self._standing_by = None

    def _hear(self, connection: psycopg.Connection) -> None:
        """Ring the local bell for each notification; ends when the connection does."""
        bell = self._database.bell
        try:
            while not connection.closed:
                for _ in connection.notifies(timeout=1.0, stop_after=1):
                    if isinstance(bell, PostgresBell):
                        bell.heard()
        except psycopg.Error:
            connection.close()  # the lock went with the session; try_hold takes a new one
            bell.ring()
