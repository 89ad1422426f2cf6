"""F10: events told twice and in any order, two workers of each service at once, on both brokers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest

from shop_events import Broker, ManualClock
from shop_events.amqp import AmqpBroker
from shop_events.broker import Fate, Intake, Message, Publisher
from shop_events.local_broker import LocalBroker
from shop_events.testing.misbehaviour import Misbehaving
from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.audit.town import TownAudit
from shop_suite.embedded import Embedded, Served
from shop_suite.purchases import Fate as BuyersFate
from shop_suite.purchases import Purchase, read_purchases
from shop_suite.replay import Replay, expected
from shop_suite.road import Road
from shop_suite.servers import PrivateRabbit
from tests.support.towns import vhost

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

SEEDS = (1, 2)
TWICE = 0.2
WINDOW = 50


class Doubling:
    """A broker to which a relay sends a fifth of its messages twice, as after a lost mark.

    The copies lie in the queues beside each other, so two workers may have one event in hand at
    the same moment.
    """

    def __init__(self, broker: Broker, seed: int) -> None:
        self._broker = broker
        self.random = random.Random(seed)
        self.doubled = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._broker, name)

    def publisher(self) -> Publisher:
        return DoublingPublisher(self._broker.publisher(), self)


class DoublingPublisher:
    def __init__(self, publisher: Publisher, broker: Doubling) -> None:
        self._publisher = publisher
        self._broker = broker

    def send(self, messages: Sequence[Message], *, timeout_s: float = 5.0) -> list[Fate]:
        again = [one for one in messages if self._broker.random.random() < TWICE]
        self._broker.doubled += len(again)
        fates = self._publisher.send([*messages, *again], timeout_s=timeout_s)
        return fates[: len(messages)]

    def close(self) -> None:
        self._publisher.close()


def misbehaving(seed: int) -> Callable[[Intake], Intake]:
    """Each intake doubles and shuffles by a seed of its own."""
    seeds = count(seed * 1_000)
    return lambda intake: Misbehaving(intake, seed=next(seeds), duplicates=TWICE, window=WINDOW)


@contextmanager
def opened(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Broker]:
    clock = ManualClock()
    if kind == "local":
        broker: Broker = LocalBroker(folder / "broker.db", clock=clock)
    else:
        rabbit: PrivateRabbit = request.getfixturevalue("private_rabbit")
        broker = AmqpBroker(vhost(rabbit))
    yield broker
    broker.close()


@pytest.fixture(params=["local", "rabbit"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    with opened(request.param, request, tmp_path) as made:
        yield made


def purchases_of_every_fate() -> list[Purchase]:
    """Two real purchases for each fate."""
    fates = cycle(BuyersFate)
    real = [one for one in read_purchases(100) if one.amount]
    return [replace(one, fate=next(fates)) for one in real[: 2 * len(BuyersFate)]]


@pytest.mark.parametrize("seed", SEEDS)
def test_events_told_twice_and_shuffled_come_out_as_if_told_once_in_order(
    broker: Broker, tmp_path: Path, seed: int
) -> None:
    purchases, clock = purchases_of_every_fate(), ManualClock()
    clock.set(datetime(1997, 1, 1, tzinfo=UTC))
    doubling = Doubling(broker, seed)
    town = Embedded(
        tmp_path / "town",
        clock=clock,
        broker=doubling,  # type: ignore[arg-type]
        workers=2,
        change_intake=misbehaving(seed),
    )
    databases = {name: runtime.database for name, runtime in town.runtimes.items()}
    audit = TownAudit(town.services, databases, broker, town.folder)
    town.start()
    try:
        with Served(town.wsgi) as served:
            road = Road(key=town.key, clock=clock, address=lambda _path: served.url)
            replay = Replay(road=road, clock=clock, people=4)
            replay.stock()
            replay.run(purchases, tell=str)
            replay.let_time_pass(lambda: wait_until_quiet(audit.events))
        problems = list(audit.problems(finished=True))
        assert not problems, "\n".join(problems)
        assert audit.books.sums() == expected(purchases)
        assert doubling.doubled > len(purchases)
    finally:
        town.stop()
