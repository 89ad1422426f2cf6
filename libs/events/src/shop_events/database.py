"""One service's database: where every transaction of the service begins and ends.

    with database.begin(publishes={OrderPlaced}) as tx:
        place_order(tx, ...)          # state and outbox rows commit together, or nothing

Two kinds are supported: PostgreSQL, and SQLite for the embedded default. On SQLite every writing
transaction starts with BEGIN IMMEDIATE, because a read lock cannot be upgraded under load, and
``synchronous=FULL`` makes a commit survive a power cut.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoTurn

from shop_events import faults
from shop_events.bell import Bell, LocalBell, PostgresBell
from shop_events.clock import Clock, SystemClock
from shop_events.contract import Event
from shop_events.envelope import Envelope
from shop_events.postgres_line import Line, opener
from shop_events.tx import Tx

BUSY_TIMEOUT_S: Final = 15
STATEMENT_TIMEOUT_S: Final = 15
ANSWERS_WITHIN_S: Final = STATEMENT_TIMEOUT_S + 5.0  # whose limit is told by whom, see Line
LOCK_TIMEOUT_S: Final = 10
IDLE_IN_TRANSACTION_TIMEOUT_S: Final = 60

# A line whose other end died without a word is given up after 30 s, by both sides. The system's
# own two hours would leave the relay's lock with a machine that is gone.
_LIVELINESS: Final = {"idle": 10, "interval": 5, "count": 4}
_UNANSWERED_MS: Final = 30_000


class Database:
    """The database of ``service``; cheap to make, connects when first used."""

    def __init__(
        self,
        url: str,
        *,
        service: str,
        clock: Clock | None = None,
        pool_size: int = 8,
        answers_within_s: float = ANSWERS_WITHIN_S,
    ) -> None:
        """``answers_within_s``: how long to wait for a PostgreSQL that may be frozen."""
        self.url: URL = make_url(url)
        self.service = service
        self.clock: Clock = clock or SystemClock()
        self.engine = _engine(self.url, pool_size, answers_within_s)
        self._writing = self.engine.execution_options(jishi_writes=True)
        self._one_writer = None if self.is_postgres else threading.RLock()
        self.bell: Bell = PostgresBell(self.conninfo) if self.is_postgres else LocalBell()

    @property
    def is_postgres(self) -> bool:
        """Whether it is PostgreSQL; otherwise it is SQLite."""
        return self.url.get_backend_name() == "postgresql"

    @property
    def conninfo(self) -> str:
        """The database in libpq's words, for connections that are not SQLAlchemy's."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)

    @contextmanager
    def begin(
        self,
        *,
        publishes: Iterable[type[Event]] = (),
        cause: Envelope | None = None,
        traceparent: str | None = None,
        at: str = "tx",
    ) -> Iterator[Tx]:
        """A transaction that may publish the events named; commits at the end of the block.

        ``at`` names the fail points around the commit (``tx``, ``consumer`` or ``deadline``; with
        any other word there are none).

        Raises:
            whatever the block or the database raises; then nothing happened.
        """
        with self._turn(), self._writing.connect() as connection, connection.begin():
            tx = Tx(connection, service=self.service, now=self.clock.now())
            with tx.scope(publishes=publishes, cause=cause, traceparent=traceparent):
                yield tx
            tx.flush()
            faults.point(f"{at}.before_commit", self.service)
        if tx.left_work:
            self.bell.ring()
        faults.point(f"{at}.after_commit", self.service)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """On SQLite, one writer of this process at a time.

        SQLite's own wait for a lock sleeps for up to 100 ms; a lock of ours wakes at once.
        """
        if self._one_writer is None:
            yield
            return
        if not self._one_writer.acquire(timeout=BUSY_TIMEOUT_S):
            raise NoTurn(f"{self.service} waited {BUSY_TIMEOUT_S} s for its database.")
        try:
            yield
        finally:
            self._one_writer.release()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads; it blocks no writer."""
        with self.engine.connect() as connection:
            yield connection

    def reachable(self) -> bool:
        """Whether the database answers now."""
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
        except SQLAlchemyError:
            return False
        return True

    def forget_connections(self) -> None:
        """Open new ones from now on: those to a server that became read-only stay so."""
        self.engine.dispose()

    def listen(self) -> psycopg.Connection:
        """A connection of its own, outside the pool, for advisory locks and notifications."""
        options = _postgres_options(_server_liveliness())
        line = {"connect_timeout": 5, "options": options, **_client_liveliness()}
        return Line.connect(self.conninfo, autocommit=True, **line)

    def close(self) -> None:
        """Return every connection."""
        self.bell.close()
        self.engine.dispose()


def _engine(url: URL, pool_size: int, answers_within_s: float) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url,
            pool_size=pool_size,
            connect_args={"check_same_thread": False},
            hide_parameters=True,  # an error's text must not carry what a person typed
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 5,
            "options": _postgres_options(_server_limits() | _server_liveliness()),
            **_client_liveliness(),
        },
    )
    event.listen(engine, "do_connect", opener(answers_within_s))
    event.listen(engine, "handle_error", _leave_out_the_row)
    return engine


def _server_limits() -> dict[str, int]:
    return {
        "statement_timeout": STATEMENT_TIMEOUT_S * 1000,
        "lock_timeout": LOCK_TIMEOUT_S * 1000,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_TIMEOUT_S * 1000,
    }


def _server_liveliness() -> dict[str, int]:
    keepalives = {f"tcp_keepalives_{name}": value for name, value in _LIVELINESS.items()}
    return {**keepalives, "tcp_user_timeout": _UNANSWERED_MS}


def _client_liveliness() -> dict[str, Any]:
    keepalives = {f"keepalives_{name}": value for name, value in _LIVELINESS.items()}
    return {**keepalives, "tcp_user_timeout": _UNANSWERED_MS}


def _postgres_options(settings: Mapping[str, int]) -> str:
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def _leave_out_the_row(context: ExceptionContext) -> None:
    """PostgreSQL says in a second line what stood in the refused row; no error may repeat that."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would be a deferred one
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_S * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("jishi_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
