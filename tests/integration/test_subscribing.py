"""docs/subscribing.md is true: a stranger's service listens with what stands there, and no more."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import sqlalchemy as sa

from shop_events import BrokerUnavailable, Money, TopologyMissing
from shop_events.amqp import AmqpBroker
from shop_events.broker import Fate, Message
from shop_events.contracts.order import OrderReceived, ReceivedBy, RefundShare
from shop_events.golden import sample_of
from shop_events.run import prepare
from shop_events.topology import EVENTS, ground
from shop_events.wire import encode
from tests.support import eventually
from tests.support.rights import adding_user, allowing, allowing_topics, deleting_user
from tests.support.sources import Postgres, Rabbit

PAGE = (Path(__file__).parents[2] / "docs" / "subscribing.md").read_text()
(TABLE,) = re.findall(r"```sql\n(.*?)```", PAGE, flags=re.DOTALL)
BARE, TEN_LINES = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


# What the page says that the strangers' user may do.
RIGHTS = {
    name: pattern.replace("\\|", "|")
    for name, pattern in re.findall(r"^\| ([a-z, ]+) \| `(.*)` \|$", PAGE, re.MULTILINE)
}


@pytest.fixture(scope="module")
def town_url(rabbit: Rabbit) -> str:
    return rabbit.create_vhost()


@pytest.fixture(scope="module")
def as_stranger(rabbit: Rabbit, town_url: str) -> Iterator[Callable[[str], str]]:
    """The broker as strangers see it: with the rights the page gives them, and no others."""
    address = urlsplit(town_url)
    vhost, place = address.path[1:], address.netloc.rpartition("@")[2]
    users: list[str] = []

    def log_in(how: str = "") -> str:
        if rabbit.ctl is None:  # a server somebody gave us: its users are not ours to make
            return town_url
        users.append(f"loyalty-{len(users)}-{vhost}")
        rights = {right: RIGHTS[right + how] for right in ("configure", "write", "read")}
        rabbit.ctl("eval", adding_user(users[-1], "a-secret"))
        rabbit.ctl("eval", allowing(users[-1], vhost, **rights))
        for exchange in ("jishi.dead", "jishi.delay"):
            keys = RIGHTS["routing keys"]
            told = allowing_topics(users[-1], vhost, exchange=exchange, write=keys)
            rabbit.ctl("eval", told)
        return address._replace(netloc=f"{users[-1]}:a-secret@{place}").geturl()

    yield log_in
    for user in users:
        assert rabbit.ctl
        rabbit.ctl("eval", deleting_user(user))


@pytest.fixture(scope="module")
def bare_url(as_stranger: Callable[[str], str]) -> str:
    return as_stranger("")


@pytest.fixture(scope="module")
def library_url(as_stranger: Callable[[str], str]) -> str:
    return as_stranger(", with the library")


@pytest.fixture(scope="module")
def broker(town_url: str) -> Iterator[AmqpBroker]:
    made = AmqpBroker(town_url)
    made.apply(ground())
    yield made
    made.close()


class Loyalty:
    """The strangers' service as a process, and its one table."""

    def __init__(self, program: Path, database_url: str, env: dict[str, str]) -> None:
        self._command = [sys.executable, str(program)]
        self._env = {**os.environ, **env}
        self._engine = sa.create_engine(database_url)
        with self._engine.begin() as connection:
            connection.execute(sa.text(TABLE))
        self.process = subprocess.Popen(self._command, env=self._env)

    def start_again(self) -> None:
        self.process = subprocess.Popen(self._command, env=self._env)

    def points(self) -> dict[str, int]:
        with self._engine.connect() as connection:
            rows = connection.execute(sa.text("SELECT account_id, points FROM points")).all()
        return {row.account_id: row.points for row in rows}

    def end(self) -> None:
        self.process.kill()
        self.process.wait(30)
        self._engine.dispose()


StartLoyalty = Callable[..., Loyalty]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[StartLoyalty]:
    started: list[Loyalty] = []

    def start_it(program: str, database_url: str, **env: str) -> Loyalty:
        path = tmp_path / "loyalty.py"
        path.write_text(program)
        started.append(Loyalty(path, database_url, env))
        return started[-1]

    yield start_it
    for one in started:
        one.end()


def received(account_id: str, *yuan: str) -> OrderReceived:
    return OrderReceived(
        order_id=f"order-of-{account_id}",
        account_id=account_id,
        parcel_ids=("p1",),
        line_ids=("l1",),
        shares=tuple(
            RefundShare(merchant_id="m1", amount=Money.of(one, "CNY"), line_id="l1") for one in yuan
        ),
        by=ReceivedBy.BUYER,
    )


def message(happened: OrderReceived, event_id: str, **changes: Any) -> Message:
    envelope = replace(sample_of(happened).envelope, id=event_id)
    return replace(Message(EVENTS, envelope, encode(happened)), **changes)


def say(broker: AmqpBroker, *messages: Message) -> None:
    publisher = broker.publisher()
    try:
        assert set(publisher.send(messages)) == {Fate.CONFIRMED}
    finally:
        publisher.close()


def dead(broker: AmqpBroker, queue: str) -> list[bytes]:
    try:
        return [letter.body for letter in broker.dead_letters(queue)]
    except (TopologyMissing, BrokerUnavailable):  # the latter while it is being made: "noproc"
        return []


def listens(broker: AmqpBroker, queue: str) -> None:
    """Wait until what is said reaches the queue and its reader, who cannot make sense of this."""
    probe = str(uuid4())

    def was_heard() -> bool:
        say(broker, message(received("nobody"), probe, body=probe.encode()))
        return probe.encode() in dead(broker, queue)

    eventually(was_heard, within_s=40)


def test_a_stranger_with_nothing_but_an_amqp_client_hears_each_event_once(
    broker: AmqpBroker, start: StartLoyalty, bare_url: str, tmp_path: Path
) -> None:
    database = tmp_path / "loyalty.db"
    loyalty = start(BARE, f"sqlite:///{database}", LOYALTY_DB=str(database), BROKER_URL=bare_url)
    listens(broker, "loyalty.orders")

    say(broker, message(received("ann", "19.90", "8.00"), "e1"))
    say(broker, message(received("ann", "19.90", "8.00"), "e1"))
    say(broker, message(received("ann", "100.00"), "e2"), message(received("bo", "7.99"), "e3"))

    eventually(lambda: loyalty.points() == {"ann": 127, "bo": 7}, within_s=20)


def test_what_a_stranger_cannot_read_lies_in_its_own_dead_letters(
    broker: AmqpBroker, start: StartLoyalty, bare_url: str, tmp_path: Path
) -> None:
    database = tmp_path / "loyalty.db"
    loyalty = start(BARE, f"sqlite:///{database}", LOYALTY_DB=str(database), BROKER_URL=bare_url)
    listens(broker, "loyalty.orders")

    say(broker, message(received("ann", "1.00"), "e4", body=b"not at all"))
    say(broker, message(received("ann", "1.00"), "e5"))

    eventually(lambda: loyalty.points() == {"ann": 1}, within_s=20)
    eventually(lambda: b"not at all" in dead(broker, "loyalty.orders"), within_s=20)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/loyalty.db"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.create_database("loyalty").replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def prepared(database_url: str, town_url: str) -> None:
    """What the town does for the strangers, once."""
    page: dict[str, Any] = {"__name__": "loyalty"}
    exec(TEN_LINES, page)
    prepare(page["subscriptions"], database_url=database_url, broker_url=town_url)


def test_a_stranger_with_the_library_hears_each_event_once_in_ten_lines(
    broker: AmqpBroker, start: StartLoyalty, library_url: str, database_url: str, prepared: None
) -> None:
    loyalty = start(TEN_LINES, database_url, DATABASE_URL=database_url, BROKER_URL=library_url)
    listens(broker, "loyalty.events.v1")

    say(broker, message(received("ann", "19.90", "8.00"), "e1"))
    say(broker, message(received("ann", "19.90", "8.00"), "e1"))
    say(broker, message(received("ann", "100.00"), "e2"), message(received("bo", "7.99"), "e3"))

    eventually(lambda: loyalty.points() == {"ann": 127, "bo": 7}, within_s=30)


def test_the_ten_lines_go_on_where_they_were_killed_and_end_when_they_are_told(
    broker: AmqpBroker, start: StartLoyalty, library_url: str, database_url: str, prepared: None
) -> None:
    loyalty = start(TEN_LINES, database_url, DATABASE_URL=database_url, BROKER_URL=library_url)
    listens(broker, "loyalty.events.v1")

    loyalty.process.kill()
    loyalty.process.wait(30)
    say(broker, message(received("cy", "5.00"), f"while-away-{database_url}"[:60]))
    loyalty.start_again()
    eventually(lambda: loyalty.points().get("cy") == 5, within_s=30)

    loyalty.process.send_signal(signal.SIGTERM)
    assert loyalty.process.wait(30) == 0


def test_the_page_counts_its_lines_honestly() -> None:
    lines = [line for line in TEN_LINES.splitlines() if line.strip()]
    own = [line for line in lines if "import" not in line]

    assert len(own) <= 14  # four of them are one SQL statement
