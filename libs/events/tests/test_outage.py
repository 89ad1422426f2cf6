"""EVENTS.md row 15: while its database fails, a consumer waits, and no event pays for it."""

import threading
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from libs.events.tests.conftest import Bakery, LoafOrdered, migrate, times_baked
from shop_events import Database, Money
from shop_events.consumer import Consumer
from shop_events.outage import takes_no_writes
from shop_events.topology import events_queue
from tests.support import eventually

HOME = events_queue("bakery")

only_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def ordered(loaf: str = "rye") -> LoafOrdered:
    return LoafOrdered(loaf_id=loaf, price=Money(500, "EUR"))


def test_a_consumer_waits_for_its_database_and_counts_no_attempt(bakery: Bakery) -> None:
    unreachable = Unreachable(bakery.database)
    consumer = Consumer(unreachable, bakery.subscriptions, bakery.broker.intake(HOME))  # type: ignore[arg-type]
    bakery.harness().hears(ordered())
    handling = threading.Thread(target=consumer.step, kwargs={"timeout_s": 1}, daemon=True)

    handling.start()
    eventually(lambda: unreachable.asked > 2)
    unreachable.back.set()
    handling.join(15)

    assert not handling.is_alive()
    assert times_baked(bakery.database) == {"rye": 1}
    assert bakery.broker.dead_letters(HOME) == []


class Unreachable:
    """A database that is away until ``back`` is set."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.back = threading.Event()
        self.asked = 0

    def begin(self, **words: object):  # type: ignore[no-untyped-def]
        import sqlalchemy.exc

        if not self.back.is_set():
            gone = Exception("connection refused")
            raise sqlalchemy.exc.OperationalError("BEGIN", {}, gone)
        return self._database.begin(**words)  # type: ignore[arg-type]

    def reachable(self) -> bool:
        self.asked += 1
        return self.back.is_set()

    @property
    def clock(self) -> object:
        return self._database.clock


@only_postgres
def test_a_consumer_waits_for_a_database_that_takes_no_writes_and_counts_no_attempt(
    bakery: Bakery, caplog: pytest.LogCaptureFixture
) -> None:
    """EVENTS.md row 15, after a failover: it answers every question and refuses every effect."""
    consumer = Consumer(
        bakery.database, bakery.subscriptions, bakery.broker.intake(HOME), ladder=()
    )
    bakery.harness().hears(ordered())
    make_read_only(bakery.database, read_only=True)
    handling = threading.Thread(target=consumer.step, kwargs={"timeout_s": 1}, daemon=True)

    handling.start()
    eventually(lambda: caplog.text.count("waits for its database to take writes") >= 3)
    make_read_only(bakery.database, read_only=False)
    handling.join(15)

    assert not handling.is_alive()
    assert times_baked(bakery.database) == {"rye": 1}
    assert bakery.broker.dead_letters(HOME) == []


def make_read_only(database: Database, *, read_only: bool) -> None:
    """What a failover does to whoever is still connected, and to whoever connects."""
    with psycopg.connect(database.conninfo, autocommit=True) as line:
        line.execute("SET default_transaction_read_only = off")
        name, value = line.info.dbname, "on" if read_only else "off"
        line.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {value}')
    database.forget_connections()


def test_a_full_sqlite_is_known_as_one_that_takes_no_writes(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/full.db", service="bakery")
    migrate(database)
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(OperationalError) as full:
            connection.exec_driver_sql(
                "INSERT INTO loaves (loaf_id, times) VALUES (?, 1)", ("rye" * 10_000,)
            )
    database.close()

    assert takes_no_writes(full.value)
