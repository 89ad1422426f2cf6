"""One relay carries, the others stand by, and a commit in any process wakes it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from textwrap import dedent

import psycopg
import pytest

from libs.events.tests.conftest import migrate
from shop_events import Database
from shop_events.bell import CHANNEL, COALESCE_S, LocalBell, PostgresBell
from shop_events.leader import LOCK_SPACE, Lock, lock_for
from tests.support import eventually
from tests.support.sources import Postgres

Open = Callable[[], Database]


@pytest.fixture
def open_database(database_url: str) -> Iterator[Open]:
    """The same database as another process would open it."""
    opened: list[Database] = []

    def open_it() -> Database:
        opened.append(Database(database_url, service="bakery"))
        return opened[-1]

    yield open_it
    for one in opened:
        one.close()


@pytest.fixture
def lock(open_database: Open) -> Iterator[Callable[..., Lock]]:
    """A lock as another process would hold it."""
    made: list[Lock] = []

    def make(purpose: str = "relay") -> Lock:
        made.append(lock_for(open_database(), purpose))
        return made[-1]

    yield make
    for one in made:
        one.close()


only_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def test_only_one_holds_the_lock_and_it_keeps_it(lock: Callable[..., Lock]) -> None:
    one, other = lock(), lock()

    assert one.try_hold()
    assert not other.try_hold()
    assert one.try_hold()


def test_whoever_stands_by_takes_over_when_the_lock_is_let_go(lock: Callable[..., Lock]) -> None:
    one, other = lock(), lock()
    assert one.try_hold()

    one.close()

    eventually(other.try_hold, within_s=10)
    assert not one.try_hold()


def test_locks_for_different_purposes_do_not_hinder_each_other(lock: Callable[..., Lock]) -> None:
    assert lock("relay").try_hold()
    assert lock("snapshot").try_hold()


@only_postgres
def test_the_same_lock_of_another_service_is_another_lock(
    lock: Callable[..., Lock], postgres: Postgres
) -> None:
    cafe = Database(postgres.create_database("cafe"), service="cafe")
    theirs = lock_for(cafe, "relay")

    try:
        assert lock().try_hold()
        assert theirs.try_hold()
    finally:
        theirs.close()
        cafe.close()


@only_postgres
def test_a_lost_session_is_a_lost_lock_and_is_noticed(
    lock: Callable[..., Lock], database_url: str
) -> None:
    one, other = lock(), lock()
    assert one.try_hold()

    end_sessions_of_lock_holders(database_url)

    eventually(other.try_hold, within_s=10)
    eventually(lambda: not one.try_hold(), within_s=10)


@only_postgres
def test_a_commit_in_another_process_rings_the_bell_of_the_one_that_carries(
    open_database: Open, database_url: str
) -> None:
    database = open_database()
    migrate(database)
    lock = lock_for(database, "relay")
    assert lock.try_hold()
    before = database.bell.seen()

    with committing_process(database_url) as other:
        eventually(lambda: database.bell.seen() > before, within_s=20)
        other.communicate("done\n", timeout=20)
    lock.close()

    assert other.returncode == 0


@only_postgres
def test_a_thousand_commits_in_a_moment_are_told_a_few_times(database_url: str) -> None:
    conninfo = database_url.replace("+psycopg", "")
    bell = PostgresBell(conninfo)
    with psycopg.connect(conninfo, autocommit=True) as ears:
        ears.execute(f"LISTEN {CHANNEL}")
        started = time.monotonic()
        for _ in range(1_000):
            bell.ring()
        heard = len(list(ears.notifies(timeout=2.0)))
        took_s = time.monotonic() - started
    bell.close()

    assert 1 <= heard <= took_s / COALESCE_S
    assert heard < 500


@only_postgres
def test_the_last_ring_of_many_is_always_told(database_url: str) -> None:
    """A ring while the one before is being told must not be lost in it."""
    conninfo = database_url.replace("+psycopg", "")
    bell = PostgresBell(conninfo)
    with psycopg.connect(conninfo, autocommit=True) as ears:
        ears.execute(f"LISTEN {CHANNEL}")
        for _ in range(20):
            bell.ring()
            assert list(ears.notifies(timeout=10, stop_after=1))
    bell.close()


def test_a_bell_that_cannot_reach_the_database_still_rings_here_and_holds_nobody_up() -> None:
    bell = PostgresBell("postgresql://nobody@127.0.0.1:1/nowhere?connect_timeout=2")
    seen = bell.seen()

    started = time.monotonic()
    bell.ring()
    took_s = time.monotonic() - started

    assert bell.wait(seen, 0) > seen
    assert took_s < 1
    bell.close()


def test_waiting_ends_with_the_next_ring_or_with_the_time() -> None:
    bell = LocalBell()
    seen = bell.seen()
    waiting = threading.Thread(target=bell.wait, args=(seen, 30.0))
    waiting.start()

    bell.ring()
    waiting.join(10)

    assert not waiting.is_alive()
    assert bell.wait(bell.seen(), 0.01) == seen + 1


def test_a_ring_between_looking_and_waiting_is_not_lost() -> None:
    bell = LocalBell()
    seen = bell.seen()
    bell.ring()

    started = time.monotonic()
    bell.wait(seen, 30.0)

    assert time.monotonic() - started < 10


def test_a_killed_process_lets_go_of_the_lock(lock: Callable[..., Lock], database_url: str) -> None:
    with a_process_that_holds_the_lock(database_url) as other:
        assert other.stdout
        assert other.stdout.readline() == "True\n"
        mine = lock()
        assert not mine.try_hold()

        os.kill(other.pid, signal.SIGKILL)

        eventually(mine.try_hold, within_s=20)


HOLDERS = f"""
    SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND classid = {LOCK_SPACE}
      AND datname = current_database()
"""


def end_sessions_of_lock_holders(database_url: str) -> None:
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as connection:
        for (pid,) in connection.execute(HOLDERS).fetchall():
            connection.execute("SELECT pg_terminate_backend(%s)", [pid])


def committing_process(database_url: str) -> subprocess.Popen[str]:
    return a_process(
        database_url,
        """
        with database.begin() as tx:
            tx.schedule("bakery.oven", "rye", tx.now + timedelta(hours=1))
        """,
    )


def a_process_that_holds_the_lock(database_url: str) -> subprocess.Popen[str]:
    return a_process(database_url, 'print(lock_for(database, "relay").try_hold(), flush=True)')


def a_process(database_url: str, program: str) -> subprocess.Popen[str]:
    """Does this with its own ``database``, and ends when it is told anything or killed."""
    lines = [
        "import sys",
        "from datetime import timedelta",
        "from shop_events import Database",
        "from shop_events.leader import lock_for",
        'database = Database(sys.argv[1], service="bakery")',
        dedent(program),
        "sys.stdin.readline()",
        "database.close()",
    ]
    return subprocess.Popen(
        [sys.executable, "-c", "\n".join(lines), database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@only_postgres
def test_whoever_stands_by_asks_on_one_connection(
    lock: Callable[..., Lock], database_url: str
) -> None:
    holding, standing_by = lock(), lock()
    assert holding.try_hold()
    assert not standing_by.try_hold()
    sessions = sessions_that_ask(database_url)
    assert sessions

    for _ in range(3):
        assert not standing_by.try_hold()

    assert sessions_that_ask(database_url) == sessions
    holding.close()
    eventually(standing_by.try_hold)


def sessions_that_ask(database_url: str) -> set[int]:
    """The server's processes that were asked for the lock last of all."""
    asking = Database(database_url, service="auditor")
    with psycopg.connect(asking.conninfo) as line:
        rows = line.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'SELECT pg_try_advisory_lock%'"
        ).fetchall()
    asking.close()
    return {int(pid) for (pid,) in rows}
