"""What is promised to a publisher."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest

from shop_events.broker import Broker, Fate, Message, TopologyMissing
from shop_events.envelope import from_headers
from shop_events.testing.conformance.parts import (
    assert_empty,
    drain,
    home,
    message,
    numbered,
    prepare,
    publish,
    take_one,
)
from shop_events.topology import EVENTS, PRIVATE

# Pattern, and which of the keys below it takes: the words of AMQP 0-9-1, section 3.1.3.3.
PATTERNS = {
    "order.placed.v1": {"order.placed.v1"},
    "order.*.v1": {"order.placed.v1", "order.paid.v1"},
    "order.*": {"order.v1"},
    "order.#": {"order.placed.v1", "order.paid.v1", "order.v1"},
    "order.placed.v1.#": {"order.placed.v1"},
    "#.v1": {"order.placed.v1", "order.paid.v1", "order.v1", "parcel.shipped.v1"},
    "*.*.*": {"order.placed.v1", "order.paid.v1", "parcel.shipped.v1", "parcel.shipped.v2"},
    "#.shipped.#": {"parcel.shipped.v1", "parcel.shipped.v2"},
    "*": set[str](),
    "order.placed": set[str](),
    "order.placed.v": set[str](),
    "order.placed.v10": set[str](),
}
KINDS = [
    ("order.placed", 1),
    ("order.paid", 1),
    ("order", 1),
    ("parcel.shipped", 1),
    ("parcel.shipped", 2),
]
LAST = "story.ended.v1"  # every queue is bound to it, so what came before it is all there is
AWKWARD = {
    "empty": b"",
    "invalid JSON": b'{"order_id": ',
    "not UTF-8": b"\xff\xfe\x00\x80 \xc3\x28",
    "Chinese": "《红楼梦》 精装 ×1".encode(),
    "200 KB": bytes(range(256)) * 800,
}


class Publishing:
    """Confirmed means durable, in every queue bound for it and in none other."""

    def test_a_confirmed_message_reaches_every_bound_queue_and_none_other(
        self, broker: Broker
    ) -> None:
        prepare(
            broker, home("a", "order.placed.v1"), home("b", "order.#"), home("c", "order.paid.v1")
        )
        publish(broker, message("one"))
        assert drain(broker, "a", 1) == [b"one"]
        assert drain(broker, "b", 1) == [b"one"]
        assert_empty(broker, "c")

    def test_patterns_match_words_as_amqp_says(self, broker: Broker) -> None:
        queues = {f"q{place}": pattern for place, pattern in enumerate(PATTERNS)}
        prepare(broker, *(home(queue, pattern, LAST) for queue, pattern in queues.items()))
        sent = [message(f"{of}.v{version}", of=of, version=version) for of, version in KINDS]
        publish(broker, *sent, message(LAST, of=LAST.removesuffix(".v1")))
        for queue, pattern in queues.items():
            assert _before_the_last(broker, queue) == PATTERNS[pattern], pattern

    def test_what_is_meant_for_one_queue_reaches_it_alone_and_no_log(self, broker: Broker) -> None:
        prepare(broker, home("a", "order.placed.v1"), home("b", "order.placed.v1"))
        alone = replace(message("for a"), exchange="", queue="a")
        nowhere = replace(message("for nobody"), exchange="", queue="c")
        with closing(broker.publisher()) as publisher:
            assert publisher.send([alone, nowhere]) == [Fate.CONFIRMED, Fate.UNROUTABLE]
        assert drain(broker, "a", 1) == [b"for a"]
        assert_empty(broker, "b")
        assert list(broker.read_log()) == []

    def test_a_queue_bound_by_two_matching_patterns_gets_one_copy(self, broker: Broker) -> None:
        prepare(broker, home("a", "order.#", "*.placed.v1", "order.placed.v1"))
        publish(broker, message("once"))
        assert drain(broker, "a", 1) == [b"once"]

    def test_an_exchange_feeds_only_the_queues_bound_to_it(self, broker: Broker) -> None:
        prepare(broker, home("open", "#"), home("closed", "#", exchange=PRIVATE))
        publish(broker, message("secret", exchange=PRIVATE), message("news"))
        assert drain(broker, "closed", 1) == [b"secret"]
        assert drain(broker, "open", 1) == [b"news"]

    def test_an_unroutable_message_is_told_and_not_stored(self, broker: Broker) -> None:
        prepare(broker, home("closed", "order.placed.v1", exchange=PRIVATE))
        batch = [
            message("first", exchange=PRIVATE),
            message("nobody's", of="order.lost", exchange=PRIVATE),
            message("last", exchange=PRIVATE),
        ]
        with closing(broker.publisher()) as publisher:
            fates = publisher.send(batch)
        assert fates == [Fate.CONFIRMED, Fate.UNROUTABLE, Fate.CONFIRMED]
        broker.apply(home("closed", "order.lost.v1", exchange=PRIVATE))
        assert drain(broker, "closed", 2) == [b"first", b"last"]

    def test_a_publisher_goes_on_after_an_unroutable_message(self, broker: Broker) -> None:
        prepare(broker, home("closed", "order.placed.v1", exchange=PRIVATE))
        with closing(broker.publisher()) as publisher:
            assert publisher.send([message(of="order.lost", exchange=PRIVATE)]) == [Fate.UNROUTABLE]
            assert publisher.send([message("next", exchange=PRIVATE)]) == [Fate.CONFIRMED]
            assert publisher.send([]) == []
        assert drain(broker, "closed", 1) == [b"next"]

    def test_a_confirmed_message_outlives_a_crash(
        self, broker: Broker, crash: Callable[[], Broker]
    ) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(10))
        assert drain(crash(), "a", 10) == bodies_of(numbered(10))

    def test_a_single_consumer_sees_the_order_of_publishing(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        with closing(broker.publisher()) as publisher:
            for start in range(0, 200, 40):
                publisher.send(numbered(40, start=start))
        assert drain(broker, "a", 200) == bodies_of(numbered(200))

    def test_threads_with_a_publisher_each_lose_nothing(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))

        def send_hundred(thread: int) -> None:
            for start in range(0, 100, 20):
                publish(broker, *numbered(20, start=thread * 100 + start))

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(send_hundred, range(4)))
        assert sorted(drain(broker, "a", 400)) == sorted(bodies_of(numbered(400)))

    def test_envelope_key_and_exchange_arrive_as_they_were_sent(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        plain = message()
        full = replace(
            plain.envelope,
            subject="订单-1",
            sequence=7,
            causation_id="e-0",
            traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            tracestate="vendor=value",
        )
        publish(broker, replace(plain, envelope=full))
        with closing(broker.intake("a")) as intake:
            arrived = take_one(intake)
        assert from_headers(arrived.headers) == full
        assert (arrived.queue, arrived.exchange) == ("a", EVENTS)
        assert arrived.routing_key == "order.placed.v1"
        assert (arrived.attempt, arrived.redelivered) == (1, False)

    def test_any_bytes_survive(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *(message(body) for body in AWKWARD.values()))
        assert drain(broker, "a", len(AWKWARD)) == list(AWKWARD.values())

    def test_publishing_to_a_missing_exchange_names_it(self, broker: Broker) -> None:
        prepare(broker)
        with closing(broker.publisher()) as publisher:
            with pytest.raises(TopologyMissing, match=r"jishi\.nowhere"):
                publisher.send([message(exchange="jishi.nowhere")])
            assert publisher.send([message()]) == [Fate.CONFIRMED]


def _before_the_last(broker: Broker, queue: str) -> set[str]:
    taken: list[str] = []
    with closing(broker.intake(queue)) as intake:
        while LAST not in taken:
            taken.append(take_one(intake).body.decode())
    return set(taken[:-1])


def bodies_of(messages: list[Message]) -> list[bytes]:
    """What is in them."""
    return [one.body for one in messages]
