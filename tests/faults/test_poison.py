"""F12: what nobody can read, or what kills its reader, is put aside; everybody else goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pika
import pytest

from libs.events.tests.conftest import LoafOrdered, migrate, times_baked
from shop_events import Broker, Database, Money, SystemClock, contract_of
from shop_events.amqp import AmqpBroker
from shop_events.broker import CAUSE, Message
from shop_events.contracts.order import CancelReason, OrderCancelled
from shop_events.local_broker import LocalBroker
from shop_events.testing.harness import envelop
from shop_events.topology import DELIVERY_LIMIT, EVENTS, events_queue, ground, subscriber
from shop_events.wire import encode
from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.audit.town import TownAudit
from shop_suite.chaos.stories import bought, stock
from shop_suite.embedded import Embedded, Served
from shop_suite.road import Road
from tests.faults.crowd import crowd
from tests.faults.mortal import broker_at
from tests.support import eventually

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.faults

SOUND = OrderCancelled(order_id="o-1", account_id="ann", reason=CancelReason.BUYER, lines=())
LISTENERS = ("payment", "logistics", "notification", "aftersales")  # of what order cancels
POISON = {
    "empty": b"",
    "no JSON": b"\xff{",
    "another thing": b'{"loaf": "rye"}',
    "of another kind": encode(SOUND).replace(b'"ann"', b"7"),
    "an unknown word": encode(SOUND).replace(b'"buyer"', b'"moon"'),
    "nested": b"[" * 100_000,
    "10 MB": b'{"order_id": "' + b"x" * 10_000_000 + b'"}',
}


@pytest.fixture(params=["local", "rabbit"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    """Either broker; on RabbitMQ somebody also sends what is no event at all."""
    if request.param == "local":
        made: Broker = LocalBroker(tmp_path / "broker.db")
    else:
        made = AmqpBroker(request.getfixturevalue("rabbit_of_towns").create_vhost())
    yield made
    made.close()


@pytest.fixture
def town(broker: Broker, tmp_path: Path) -> Iterator[Embedded]:
    opened = Embedded(tmp_path / "town", broker=broker)
    opened.start()
    yield opened
    opened.stop()


def send_poison(broker: Broker) -> None:
    with closing(broker.publisher()) as publisher:
        for body in POISON.values():
            sound = envelop(SOUND, event_id=uuid4().hex, sequence=1, clock=SystemClock())
            assert publisher.send([Message(EVENTS, sound.envelope, body)]) == ["confirmed"]
    if isinstance(broker, AmqpBroker):
        parameters = pika.URLParameters(broker._address.url)
        with closing(pika.BlockingConnection(parameters)) as connection:
            for service in LISTENERS:
                connection.channel().basic_publish("", events_queue(service), b"who am I?")


def test_poison_is_parked_with_its_cause_and_orders_go_on_around_it(
    town: Embedded, broker: Broker
) -> None:
    audit = TownAudit(
        town.services,
        {name: one.database for name, one in town.runtimes.items()},
        broker,
        town.folder,
    )
    with Served(town.wsgi) as served:
        road = Road(key=town.key, clock=town.clock, address=lambda _path: served.url)
        stock(road)
        with crowd(road) as people:
            send_poison(broker)
            people.until_walked(3)
        bought(road)

    wanted = len(POISON) + isinstance(broker, AmqpBroker)
    for service in LISTENERS:
        home = events_queue(service)
        dead = eventually(lambda home=home: all_of(broker, home, wanted), within_s=30)
        assert all(one.headers[CAUSE] for one in dead)
    wait_until_quiet(audit.events)
    problems = list(audit.problems())
    assert len(problems) == wanted * len(LISTENERS)
    assert all("lies dead in" in problem for problem in problems), problems


def all_of(broker: Broker, home: str, count: int) -> list[object]:
    dead = broker.dead_letters(home)
    assert len(dead) == count
    return list(dead)


LOAVES = [f"loaf-{number:02}" for number in range(30)]
DEADLY = LOAVES[3]


@pytest.mark.parametrize("kind", ["local", "rabbit"])
def test_row_18_an_event_that_kills_its_worker_is_given_up_and_every_neighbour_is_handled(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    url = str(tmp_path / "broker.db")
    if kind == "rabbit":
        url = request.getfixturevalue("rabbit_of_towns").create_vhost()
    database = Database(f"sqlite:///{tmp_path}/bakery.db", service="bakery")
    migrate(database)
    home = events_queue("bakery")
    with closing(broker_at(url)) as broker, closing(broker.publisher()) as publisher:
        broker.apply(ground() | subscriber("bakery", [contract_of(LoafOrdered)]))
        orders = [
            envelop(ordered(loaf), event_id=loaf, sequence=1, clock=SystemClock())
            for loaf in LOAVES
        ]
        assert set(publisher.send(orders)) == {"confirmed"}

    deaths = int(run_mortal(str(database.url), url, DEADLY))

    assert DELIVERY_LIMIT <= deaths <= DELIVERY_LIMIT + 1
    with closing(broker_at(url)) as broker:
        dead = eventually(lambda: broker.dead_letters(home))
        assert [one.headers["ce-id"] for one in dead] == [DEADLY]
    assert times_baked(database) == {loaf: 1 for loaf in LOAVES if loaf != DEADLY}
    database.close()


def ordered(loaf: str) -> LoafOrdered:
    return LoafOrdered(loaf_id=loaf, price=Money.of("5.00", "EUR"))


def run_mortal(*words: str) -> str:
    """What it prints; it must end well."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("mortal.py")), *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
