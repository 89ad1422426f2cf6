"""RabbitMQ frozen, killed, short of memory or unwilling: no endless wait, nothing lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest

from shop_events.amqp import AmqpBroker
from shop_events.broker import (
    Broker,
    BrokerUnavailable,
    Delivery,
    Fate,
    Intake,
    Message,
    TopologyMissing,
)
from shop_events.testing.conformance.parts import home, message, publish
from shop_events.topology import ground
from shop_suite.servers import PrivateRabbit
from tests.support import eventually
from tests.support.rights import adding_user, allowing, allowing_topics

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

WATERMARK = "ok = vm_memory_monitor:set_vm_memory_high_watermark({})."
WANTED = ground() | home("a", "order.#")

# A first answer after a thaw or a restart may be slow on a small machine.
RECOVERS_WITHIN_S = 15.0


@pytest.fixture
def url(private_rabbit: PrivateRabbit) -> str:
    return private_rabbit.create_vhost()


@pytest.fixture
def broker(url: str) -> Iterator[AmqpBroker]:
    broker = AmqpBroker(url)
    broker.apply(WANTED)
    yield broker
    broker.close()


def test_a_frozen_broker_keeps_nobody_waiting_beyond_the_timeout(
    broker: AmqpBroker, private_rabbit: PrivateRabbit
) -> None:
    publisher, intake = broker.publisher(), broker.intake("a")
    assert publisher.send([message(b"before")]) == [Fate.CONFIRMED]
    held = _take(intake, 1)
    private_rabbit.pause()

    with _within(2.0):
        fates = publisher.send([message(b"frozen")] * 3, timeout_s=1.0)
    assert fates == [Fate.UNKNOWN] * 3
    with _within(2.0), pytest.raises(BrokerUnavailable):
        publisher.send([message(b"frozen")], timeout_s=1.0)
    with _within(2.0):
        assert intake.receive(1, timeout_s=1.0) == []
    intake.ack(held)

    private_rabbit.resume()
    with _within(RECOVERS_WITHIN_S):
        eventually(lambda: _sent(publisher.send, b"after"), within_s=RECOVERS_WITHIN_S)
        seen: set[bytes] = set()
        eventually(lambda: b"after" in _gather(intake, seen), within_s=RECOVERS_WITHIN_S)
    assert b"before" not in seen


def test_closing_takes_two_seconds_at_most_whatever_the_broker_does(
    broker: AmqpBroker, private_rabbit: PrivateRabbit
) -> None:
    connected, fresh = broker.publisher(), broker.publisher()
    intake, late = broker.intake("a"), broker.intake("a")
    assert connected.send([message()]) == [Fate.CONFIRMED]
    _take(intake, 1)
    private_rabbit.pause()
    with pytest.raises(BrokerUnavailable):
        fresh.send([message()], timeout_s=0.2)
    assert late.receive(1, timeout_s=0.2) == []

    for one in (connected, fresh, intake, late):
        with _within(2.0):
            one.close()

    eventually(lambda: _amqp_threads() == [], within_s=10)
    private_rabbit.resume()


def test_nothing_confirmed_is_lost_when_the_broker_is_killed_under_load(
    broker: AmqpBroker, private_rabbit: PrivateRabbit
) -> None:
    confirmed: set[str] = set()
    received: set[str] = set()
    enough, stop = threading.Event(), threading.Event()
    publishing = threading.Thread(target=_publish_until, args=(broker, confirmed, enough))
    consuming = threading.Thread(target=_consume_until, args=(broker, received, stop))
    publishing.start()
    consuming.start()
    eventually(lambda: len(confirmed) >= 1_000, within_s=60)
    private_rabbit.kill()
    private_rabbit.start()
    came_back, before = time.monotonic(), len(confirmed)
    eventually(lambda: len(confirmed) > before, within_s=60)
    assert time.monotonic() - came_back < RECOVERS_WITHIN_S
    enough.set()
    publishing.join(20)
    eventually(
        lambda: confirmed <= received, within_s=90, message=lambda: _lost(confirmed, received)
    )
    stop.set()
    consuming.join(20)


def test_reconnecting_leaks_neither_threads_nor_descriptors(
    broker: AmqpBroker, private_rabbit: PrivateRabbit
) -> None:
    publisher, intake = broker.publisher(), broker.intake("a")
    _goes_round(publisher.send, intake)
    threads, descriptors = _amqp_threads(), _descriptors()
    for _ in range(4):
        private_rabbit.ctl("eval", 'rabbit_networking:close_all_connections("a test").')
        eventually(lambda: _goes_round(publisher.send, intake), within_s=RECOVERS_WITHIN_S)
    eventually(lambda: (_amqp_threads(), _descriptors()) == (threads, descriptors))


def test_a_broker_short_of_memory_takes_acknowledgements_while_it_takes_no_messages(
    broker: AmqpBroker, private_rabbit: PrivateRabbit
) -> None:
    publisher, intake = broker.publisher(), broker.intake("a", prefetch=1)
    publish(broker, message(b"one"), message(b"two"))
    first = _take(intake, 1)
    private_rabbit.ctl("eval", WATERMARK.format("0.000001"))
    try:
        eventually(lambda: _is_blocked(publisher.send), within_s=10)
        intake.ack(first)
        assert [one.body for one in _take(intake, 1)] == [b"two"]
    finally:
        private_rabbit.ctl("eval", WATERMARK.format("0.4"))
    eventually(lambda: _sent(publisher.send, b"after"), within_s=RECOVERS_WITHIN_S)


def test_a_service_without_the_right_to_configure_sees_no_difference_and_makes_none(
    broker: AmqpBroker, url: str, private_rabbit: PrivateRabbit
) -> None:
    clerk = AmqpBroker(_as_user(private_rabbit, url, "clerk", configure="^$"))
    assert clerk.diff(WANTED) == []
    more = home("b", "order.#")
    assert any(" b " in sentence for sentence in clerk.diff(more))
    with pytest.raises(TopologyMissing, match="ACCESS_REFUSED"):
        clerk.apply(more)
    assert any(" b " in sentence for sentence in broker.diff(more))


def test_an_event_that_a_service_may_not_publish_is_refused_in_the_broker_s_words(
    broker: AmqpBroker, url: str, private_rabbit: PrivateRabbit
) -> None:
    forger = AmqpBroker(_as_user(private_rabbit, url, "forger", configure="^$"))
    vhost = urlsplit(url).path.strip("/")
    own_alone = allowing_topics("forger", vhost, exchange="jishi.events", write=r"^order\.")
    private_rabbit.ctl("eval", own_alone)
    with closing(forger.publisher()) as publisher:
        assert publisher.send([message()]) == [Fate.CONFIRMED]
        with pytest.raises(TopologyMissing, match=r"payment\.confirmed\.v1"):
            publisher.send([message(of="payment.confirmed")])


class _within:  # noqa: N801 - reads as a sentence
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        self._started = time.monotonic()

    def __exit__(self, *_: object) -> None:
        assert time.monotonic() - self._started <= self._seconds


def _take(intake: Intake, count: int) -> list[Delivery]:
    taken: list[Delivery] = []
    eventually(lambda: taken.extend(intake.receive(1, timeout_s=0.5)) or len(taken) >= count)
    return taken


def _gather(intake: Intake, seen: set[bytes]) -> set[bytes]:
    try:
        taken = intake.receive(50, timeout_s=0.2)
    except BrokerUnavailable:
        return seen
    intake.ack(taken)
    seen.update(one.body for one in taken)
    return seen


Send = Callable[..., list[Fate]]


def _sent(send: Send, body: bytes) -> bool:
    try:
        return send([message(body)], timeout_s=1.0) == [Fate.CONFIRMED]
    except BrokerUnavailable:
        return False


def _is_blocked(send: Send) -> bool:
    return send([message(b"blocked")], timeout_s=0.5) == [Fate.UNKNOWN]


def _goes_round(send: Send, intake: Intake) -> bool:
    body = uuid4().hex.encode()
    return _sent(send, body) and body in _gather(intake, set())


def _publish_until(broker: Broker, confirmed: set[str], stop: threading.Event) -> None:
    with closing(broker.publisher()) as publisher:
        while not stop.is_set():
            batch = [message() for _ in range(100)]
            for one in _confirmed(publisher.send, batch):
                confirmed.add(one.envelope.id)


def _confirmed(send: Send, batch: list[Message]) -> list[Message]:
    try:
        fates = send(batch, timeout_s=2.0)
    except BrokerUnavailable:
        return []
    return [one for one, fate in zip(batch, fates, strict=True) if fate is Fate.CONFIRMED]


def _consume_until(broker: Broker, received: set[str], stop: threading.Event) -> None:
    with closing(broker.intake("a")) as intake:
        while not stop.is_set():
            try:
                taken = intake.receive(50, timeout_s=0.2)
            except BrokerUnavailable:
                continue
            received.update(str(one.headers["ce-id"]) for one in taken)
            intake.ack(taken)


def _lost(confirmed: set[str], received: set[str]) -> str:
    return f"{len(confirmed - received)} of {len(confirmed)} confirmed events did not arrive"


def _amqp_threads() -> list[str]:
    return sorted(one.name for one in threading.enumerate() if one.name.startswith("amqp"))


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _as_user(server: PrivateRabbit, url: str, user: str, *, configure: str) -> str:
    parts = urlsplit(url)
    password = uuid4().hex
    vhost = parts.path.strip("/")
    server.ctl("eval", adding_user(user, password))
    server.ctl("eval", allowing(user, vhost, configure=configure, write=".*", read=".*"))
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.hostname}:{parts.port}"))
