"""A service's database: what its errors tell, and how long a dead line is believed to live."""

import logging
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
import sqlalchemy as sa

from libs.events.tests.conftest import loaves
from shop_events import Database
from shop_suite.servers import PrivatePostgres

only_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

# So long may a machine that lost its power go on holding locks, or be waited for.
LONGEST_BELIEF_S = 60


@pytest.mark.parametrize(
    "broken",
    [{"loaf_id": "for-Ann", "times": None}, {"loaf_id": "for-Ann", "times": 1}],
    ids=["a value is missing", "a key is taken"],
)
def test_a_refused_row_is_not_repeated_in_the_error_or_in_the_log(
    database: Database, broken: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    with database.begin() as tx:
        tx.connection.execute(sa.insert(loaves).values(loaf_id="for-Ann", times=1))

    with pytest.raises(sa.exc.IntegrityError, match="loaves") as no, database.begin() as tx:
        tx.connection.execute(sa.insert(loaves).values(**broken))
    logging.getLogger("baker").error("It failed.", exc_info=no.value)

    assert "It failed" in caplog.text
    assert "Ann" not in caplog.text


@only_postgres
def test_neither_side_believes_for_long_in_a_line_whose_other_end_is_dead(
    database: Database,
) -> None:
    """The relay's lock is a session: the machine that held it may burn, and others must go on."""
    with sessions(database) as found:
        for session in found:
            assert 0 < keepalive_s(session) <= LONGEST_BELIEF_S
            assert 0 < unanswered_s(session) <= LONGEST_BELIEF_S
            idle, every, count = (
                int(session.execute(f"SHOW tcp_keepalives_{name}").fetchone()[0])  # type: ignore[index]
                for name in ("idle", "interval", "count")
            )
            assert 0 < idle + every * count <= LONGEST_BELIEF_S


@contextmanager
def sessions(database: Database) -> Iterator[list[psycopg.Connection]]:
    """One that begins transactions, and one that holds locks and hears the bell."""
    with database.listen() as held, database.read() as pooled:
        yield [held, pooled.connection.driver_connection]  # type: ignore[list-item]


def keepalive_s(session: psycopg.Connection) -> int:
    names = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
    idle, every, count = (option(session, name) for name in names)
    return idle + every * count


def unanswered_s(session: psycopg.Connection) -> float:
    return option(session, socket.TCP_USER_TIMEOUT) / 1000


def option(session: psycopg.Connection, name: int) -> int:
    with socket.fromfd(session.fileno(), socket.AF_INET, socket.SOCK_STREAM) as line:
        (value,) = struct.unpack("i", line.getsockopt(socket.IPPROTO_TCP, name, 4))
        return int(value)


def test_whoever_asks_a_frozen_postgres_is_told_so_in_time_and_asks_again_afterwards(
    private_postgres: PrivatePostgres,
) -> None:
    url = private_postgres.create_database("frozen")
    database = Database(url, service="bakery", answers_within_s=1.0)
    try:
        with pytest.raises(sa.exc.OperationalError), database.begin() as tx:
            tx.connection.exec_driver_sql("SELECT 1")
            private_postgres.pause()
            asked_at = time.monotonic()
            tx.connection.exec_driver_sql("SELECT 2")
        waited_s = time.monotonic() - asked_at
        private_postgres.resume()

        with database.read() as connection:
            assert connection.exec_driver_sql("SELECT 3").scalar_one() == 3
    finally:
        private_postgres.resume()
        database.close()
    assert 0.9 < waited_s < 10
