"""F10: events told twice and in any order, two workers of each service at once, on both brokers."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from order_service.store import shop_tables
from shop_events import Broker, ManualClock, Money
from shop_events.amqp import AmqpBroker
from shop_events.broker import Fate, Intake, Message, Publisher
from shop_events.local_broker import LocalBroker
from shop_events.testing.misbehaviour import Misbehaving
from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.audit.town import TownAudit
from shop_suite.embedded import Embedded, Served
from shop_suite.first_purchase import POTTER, FirstPurchase
from shop_suite.purchases import Fate as BuyersFate
from shop_suite.purchases import Purchase, read_purchases
from shop_suite.replay import Replay, expected
from shop_suite.road import Road
from shop_suite.town.logins import Login
from shop_suite.town.opening import Address, open_corner_shop, signed_in
from tests.faults.crowd import in_parallel

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

SEEDS = {"local": 1, "rabbit": 2}
TWICE = 0.2
WINDOW = 50
NEWCOMERS = 3
MUGS = 6 * 2 * NEWCOMERS  # in six kinds, of which everybody buys two of one
BLUE = "海蓝"
WINDOW_IS_OVER = timedelta(days=8)
TOLD = [
    "A parcel of your order N is on its way",
    "A parcel of your order N was delivered",
    "Confirm your address",
    "Your order N is confirmed",
]
ORDER_NUMBER = re.compile(r"[0-9]{6}[0-9A-Z]{10}")


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
        broker = AmqpBroker(request.getfixturevalue("rabbit_of_towns").create_vhost())
    yield broker
    broker.close()


@pytest.fixture(params=SEEDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def seed(kind: str) -> int:
    return SEEDS[kind]


@pytest.fixture
def broker(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    with opened(kind, request, tmp_path) as made:
        yield made


def purchases_of_every_fate() -> list[Purchase]:
    """Two real purchases for each fate."""
    fates = cycle(BuyersFate)
    real = [one for one in read_purchases(100) if one.amount]
    return [replace(one, fate=next(fates)) for one in real[: 2 * len(BuyersFate)]]


@contextmanager
def shuffled_town(
    broker: Broker, folder: Path, *, clock: ManualClock, seed: int
) -> Iterator[tuple[Embedded, TownAudit, Road]]:
    """A town in which a fifth is said twice and heard twice, in any order; two workers of each."""
    town = Embedded(
        folder,
        clock=clock,
        broker=Doubling(broker, seed),  # type: ignore[arg-type]
        workers=2,
        change_intake=misbehaving(seed),
    )
    databases = {name: runtime.database for name, runtime in town.runtimes.items()}
    audit = TownAudit(town.services, databases, broker, town.folder)
    town.start()
    try:
        with Served(town.wsgi) as served:
            yield town, audit, Road(key=town.key, clock=clock, address=lambda _path: served.url)
    finally:
        town.stop()


def test_events_told_twice_and_shuffled_come_out_as_if_told_once_in_order(
    broker: Broker, tmp_path: Path, seed: int
) -> None:
    purchases, clock = purchases_of_every_fate(), ManualClock()
    clock.set(datetime(1997, 1, 1, tzinfo=UTC))
    with shuffled_town(broker, tmp_path / "town", clock=clock, seed=seed) as (town, audit, road):
        replay = Replay(road=road, clock=clock, people=4)
        replay.stock()
        replay.run(purchases, tell=str)
        replay.let_time_pass(lambda: wait_until_quiet(audit.events))

        assert list(audit.problems(finished=True)) == []
        assert audit.books.sums() == expected(purchases)
        assert doubled(town) > len(purchases)


class PotterAtWork:
    """Hears what the newcomers do, and puts another price on her mugs at every step of theirs.

    Not on the blue ones, which they buy: they would be asked whether they still want them.
    """

    def __init__(self, address: Address, logins: tuple[Login, ...]) -> None:
        potter = next(one for one in logins if one.merchant_id == POTTER)
        self._caller = signed_in(address, potter)
        (self._mug,) = self._caller.pages("/merchant/products")
        self._others = [one for one in self._mug["skus"] if BLUE not in one["options"].values()]
        self._fen = count(39_91)
        self._one_hand = threading.Lock()

    def step(self, words: str) -> None:
        del words
        with self._one_hand:
            price = Money(next(self._fen), "CNY")
            prices = [{"sku_id": one["sku_id"], "price": price} for one in self._others]
            change = {"product_id": self._mug["id"], "prices": prices}
            self._caller.post("/merchant/products/bulk", {"changes": [change]})

    def answered(self, facts: Mapping[str, Any]) -> None:
        """She does not care."""


def test_newcomers_in_a_shuffled_town_are_told_once_and_every_copy_is_as_its_source(
    broker: Broker, tmp_path: Path, seed: int
) -> None:
    clock, folder = ManualClock(), tmp_path / "town"
    with shuffled_town(broker, folder, clock=clock, seed=seed) as (town, audit, road):
        logins = open_corner_shop(road.address, folder, stock=MUGS)
        potter = PotterAtWork(road.address, logins)
        walks = [FirstPurchase(road.address, logins, clock, potter) for _ in range(NEWCOMERS)]
        in_parallel([one.walk for one in walks])
        wait_until_quiet(audit.events)
        clock.advance(WINDOW_IS_OVER)
        wait_until_quiet(audit.events)

        assert list(audit.problems(finished=True)) == []
        assert coupons(town) == {"used": NEWCOMERS}
        assert letters(road) == [TOLD] * NEWCOMERS
        assert doubled(town) > NEWCOMERS


def doubled(town: Embedded) -> int:
    """How many messages were sent twice."""
    assert isinstance(town.broker, Doubling)
    return town.broker.doubled


def coupons(town: Embedded) -> dict[str, int]:
    """How many there are in each state."""
    with town.database("order").read() as connection:
        return Counter(connection.execute(select(shop_tables.coupons.c.state)).scalars())


def letters(road: Road) -> list[list[str]]:
    """What each of them was sent."""
    box = road.caller(None).get("/dev/mailbox")["items"]
    of: dict[str, list[str]] = defaultdict(list)
    for one in box:
        of[one["to"]].append(ORDER_NUMBER.sub("N", one["subject"]))
    return [sorted(subjects) for subjects in of.values()]
