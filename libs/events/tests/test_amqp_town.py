"""RabbitMQ in daily use: long handlers, operators, full queues, double acknowledgements."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from shop_events.amqp import AmqpBroker
from shop_events.amqp_address import Address
from shop_events.amqp_topology import arguments
from shop_events.broker import (
    BrokerUnavailable,
    Delivery,
    Fate,
    Intake,
    Message,
    TopologyMissing,
)
from shop_events.testing.conformance.parts import (
    failure,
    home,
    message,
    numbered,
    publish,
    take,
    take_one,
)
from shop_events.topology import EVENTS, Queue, QueueKind, ground
from tests.support import eventually
from tests.support.sources import Rabbit

STEP = timedelta(milliseconds=200)


@pytest.fixture
def url(rabbit: Rabbit) -> str:
    return rabbit.create_vhost()


@pytest.fixture
def broker(url: str) -> Iterator[AmqpBroker]:
    broker = AmqpBroker(url)
    broker.apply(ground() | home("a", "order.#"))
    yield broker
    broker.close()


def test_a_handler_may_work_longer_than_several_heartbeats(url: str) -> None:
    broker = AmqpBroker(url, heartbeat_s=2)
    broker.apply(ground() | home("a", "order.#"))
    publish(broker, message(b"long work"))
    with closing(broker), closing(broker.intake("a")) as intake:
        in_hand = take_one(intake)

        threading.Event().wait(7)  # three heartbeats: the broker would have hung up after two

        intake.ack([in_hand])
        publish(broker, message(b"next"))
        following = take_one(intake)
        intake.ack([following])
    assert (following.body, following.redelivered) == (b"next", False)
    assert broker.depth("a") == 0


def test_a_queue_that_an_operator_deletes_is_told_and_taken_up_again_when_it_is_back(
    broker: AmqpBroker, url: str
) -> None:
    with closing(broker.intake("a")) as intake:
        publish(broker, message(b"first"))
        stale = take_one(intake)
        with Address(url, "operator").connect() as connection:
            connection.channel().queue_delete("a")

        told = eventually(lambda: _trouble(intake))
        assert isinstance(told, TopologyMissing)
        assert "a" in str(told)

        broker.apply(home("a", "order.#"))
        publish(broker, message(b"second"))
        intake.ack([stale])  # of a connection that is gone: it must not harm the new one
        again = eventually(lambda: _patient(intake), within_s=15)
        intake.ack(again)
        assert [one.body for one in again] == [b"second"]
    assert broker.depth("a") == 0


def test_a_missing_exchange_is_told_in_the_broker_s_words(broker: AmqpBroker) -> None:
    lost = Message("jishi.nowhere", message().envelope, b"{}")
    with closing(broker.publisher()) as publisher:
        with pytest.raises(TopologyMissing, match=r"jishi\.nowhere"):
            publisher.send([message(), lost, message()])
        assert publisher.send([message()]) == [Fate.CONFIRMED]


def test_a_retry_without_a_step_of_that_length_leaves_the_original_with_the_broker(
    broker: AmqpBroker,
) -> None:
    publish(broker, message(b"kept"))
    with closing(broker.intake("a")) as intake:
        with pytest.raises(TopologyMissing):
            intake.retry(take_one(intake), after=timedelta(seconds=77), failure=failure())
        again = take_one(intake)
    assert (again.body, again.attempt, again.redelivered) == (b"kept", 1, True)


def test_acknowledging_twice_or_for_another_consumer_harms_nothing(broker: AmqpBroker) -> None:
    publish(broker, message(b"one"), message(b"two"))
    with closing(broker.intake("a", prefetch=1)) as intake:
        mine = take_one(intake)
        with closing(broker.intake("a", prefetch=1)) as neighbour:
            foreign = take_one(neighbour)
            intake.ack([foreign, mine, mine])
            intake.ack([mine])
            publish(broker, message(b"three"))
            assert take_one(intake).body == b"three"
        assert foreign.body == _one_of(broker).body


def test_what_was_acknowledged_singly_just_before_closing_does_not_come_again(
    broker: AmqpBroker,
) -> None:
    publish(broker, *numbered(200))
    with closing(broker.intake("a", prefetch=200)) as intake:
        oldest, *others = take(intake, 200, at_most=200)
        for one in reversed(others):
            intake.ack([one])
    with closing(broker.intake("a", prefetch=200)) as intake:
        assert take_one(intake).body == oldest.body
        assert intake.receive(200, timeout_s=0.5) == []


def test_one_by_one_and_windowed_publishing_tell_the_same_fates(
    url: str, broker: AmqpBroker
) -> None:
    homeless = Message("jishi.private", message(of="code.sent").envelope, b"{}")
    batch = [message(), homeless, message(), homeless, message()]
    expected = [Fate.CONFIRMED, Fate.UNROUTABLE, Fate.CONFIRMED, Fate.UNROUTABLE, Fate.CONFIRMED]
    for window in (1, 2, 500):
        with closing(AmqpBroker(url, window=window).publisher()) as publisher:
            assert publisher.send(batch) == expected


def test_a_full_queue_refuses_and_the_fate_says_so(broker: AmqpBroker, url: str) -> None:
    small = arguments(Queue("small", QueueKind.WORK)) | {"x-max-length": 1}
    with Address(url, "operator").connect() as connection:
        channel = connection.channel()
        channel.queue_declare("small", durable=True, auto_delete=False, arguments=small)
        channel.queue_bind("small", EVENTS, "order.#")
    with closing(broker.publisher()) as publisher:

        def refused() -> bool:
            return publisher.send([message()]) == [Fate.REFUSED]

        eventually(refused)


def test_an_unreachable_broker_is_told_in_time_and_leaves_no_thread_behind() -> None:
    broker = AmqpBroker("amqp://guest:guest@127.0.0.1:1/")
    publisher, intake = broker.publisher(), broker.intake("a")
    for _ in range(3):
        with pytest.raises(BrokerUnavailable):
            publisher.send([message()], timeout_s=0.2)
        with pytest.raises(BrokerUnavailable):
            intake.receive(1, timeout_s=0.2)
    with pytest.raises(BrokerUnavailable):
        broker.depth("a")
    broker.close()
    assert [one.name for one in threading.enumerate() if one.name.startswith("amqp")] == []


def _one_of(broker: AmqpBroker) -> Delivery:
    with closing(broker.intake("a", prefetch=1)) as intake:
        return take_one(intake)


def _patient(intake: Intake) -> list[Delivery]:
    try:
        return intake.receive(10, timeout_s=0.2)
    except (BrokerUnavailable, TopologyMissing):
        return []


def _trouble(intake: Intake) -> Exception | None:
    try:
        intake.receive(1, timeout_s=0.2)
    except TopologyMissing as told:
        return told
    except BrokerUnavailable:
        return None
    return None
