"""F27: four relays of one service, the one at work killed again and again; nothing is lost."""

import os
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from libs.events.tests.conftest import LoafBaked, migrate
from shop_events import Database, Subscriptions
from shop_events.amqp import AmqpBroker
from shop_events.broker import Logged
from shop_events.leader import LOCK_SPACE
from shop_events.relay import Relay
from shop_events.topology import ground
from tests.support import eventually
from tests.support.sources import Postgres, Rabbit

pytestmark = pytest.mark.faults

CARRYING = Path(__file__).parent / "carrying.py"
RELAYS = 4
KILLS = 5
LOAVES = [f"loaf-{n}" for n in range(10)]


@pytest.fixture
def database(postgres: Postgres) -> Iterator[Database]:
    made = Database(postgres.create_database("bakery"), service="bakery")
    migrate(made)
    yield made
    made.close()


@pytest.fixture(scope="module")
def broker(rabbit: Rabbit) -> Iterator[AmqpBroker]:
    made = AmqpBroker(rabbit.create_vhost())
    made.apply(ground() | Subscriptions("bakery").topology())
    yield made
    made.close()


class Carriers:
    """Relay processes; PostgreSQL knows each by its name."""

    def __init__(self, database: Database, broker: AmqpBroker) -> None:
        self._urls = (database.url.render_as_string(hide_password=False), broker._address.url)
        self._conninfo = database.conninfo
        self._names = (f"carrier-{n}" for n in count())
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        name = next(self._names)
        self._running[name] = subprocess.Popen(
            [sys.executable, str(CARRYING), *self._urls],
            env={**os.environ, "PGAPPNAME": name, "EVENTS_FAIL": ""},
        )

    def at_work(self) -> str:
        """Who holds the lock now; empty for nobody."""
        query = f"""
            SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
            WHERE locktype = 'advisory' AND granted AND classid = {LOCK_SPACE}
              AND datname = current_database()
        """
        with psycopg.connect(self._conninfo) as connection:
            found = [name for (name,) in connection.execute(query).fetchall()]
        assert len(found) <= 1, f"{found} carry at once."
        return found[0] if found else ""

    def kill_who_is_at_work(self) -> str:
        """SIGKILL, and nobody to say goodbye; who took over."""
        name = eventually(self.at_work, within_s=30)
        process = self._running.pop(name)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
        self.start()
        return eventually(lambda: self.at_work() not in ("", name) and self.at_work(), within_s=30)

    def end(self) -> None:
        for process in self._running.values():
            process.kill()
        for process in self._running.values():
            process.wait(30)


@pytest.fixture
def carriers(database: Database, broker: AmqpBroker) -> Iterator[Carriers]:
    made = Carriers(database, broker)
    for _ in range(RELAYS):
        made.start()
    yield made
    made.end()


@pytest.fixture
def baking(database: Database) -> Iterator[Callable[[], int]]:
    """Loaves are baked the whole time; calling it ends that and tells how often each was."""
    stop, rounds = threading.Event(), []

    def bake_on() -> None:
        while not stop.wait(0.005):
            with database.begin(publishes={LoafBaked}) as tx:
                for loaf in LOAVES:
                    tx.publish(LoafBaked(loaf_id=loaf))
            rounds.append(1)

    def end() -> int:
        stop.set()
        thread.join(30)
        return len(rounds)

    thread = threading.Thread(target=bake_on)
    thread.start()
    yield end
    end()


def test_relays_killed_in_turn_lose_nothing_and_keep_the_order_of_each_aggregate(
    database: Database, broker: AmqpBroker, carriers: Carriers, baking: Callable[[], int]
) -> None:
    seen = {carriers.kill_who_is_at_work() for _ in range(KILLS)}

    rounds = baking()
    relay = Relay(database, broker.publisher)
    eventually(lambda: relay.backlog() == 0, within_s=60)

    assert rounds > KILLS
    assert len(seen) > 1
    sequences = first_seen(broker.read_log())
    assert sequences == {loaf: list(range(1, rounds + 1)) for loaf in LOAVES}


def first_seen(log: Iterator[Logged]) -> dict[str, list[int]]:
    """Per aggregate its sequence numbers in the log; what came again, with the same id, once."""
    ids: dict[str, tuple[str, int]] = {}
    sequences: dict[str, list[int]] = defaultdict(list)
    for one in log:
        what = (str(one.headers["ce-subject"]), int(str(one.headers["ce-sequence"])))
        known = ids.setdefault(str(one.headers["ce-id"]), what)
        assert known == what, "One id, two events."
        if what[1] not in sequences[what[0]]:
            sequences[what[0]].append(what[1])
    assert len(ids) == sum(map(len, sequences.values())), "One event, two ids."
    return dict(sequences)
