"""What is promised of exchanges, queues and bindings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from shop_events.broker import Broker, TopologyMissing
from shop_events.testing.conformance.parts import SHORT_LADDER, drain, home, message, publish
from shop_events.topology import (
    EVENTS,
    Exchange,
    ExchangeType,
    Queue,
    QueueKind,
    Topology,
    delay_queue,
    ground,
)

WANTED = ground() | home("a", "order.#")
STEP = delay_queue("a", SHORT_LADDER[0])

# The same names with other arguments, and the word of the sentence that tells it.
OTHERWISE = {
    STEP: Topology(queues=frozenset({Queue(STEP, QueueKind.DELAY, timedelta(seconds=9), "a")})),
    "a": Topology(queues=frozenset({Queue("a", QueueKind.DEAD)})),
    EVENTS: Topology(exchanges=frozenset({Exchange(EVENTS, ExchangeType.DIRECT)})),
}


class Declaring:
    """A topology is applied as often as one likes, and a difference is told, not overwritten."""

    def test_an_applied_topology_has_no_difference(self, broker: Broker) -> None:
        broker.apply(WANTED)
        assert broker.diff(WANTED) == []

    def test_applying_twice_changes_nothing_and_loses_nothing(self, broker: Broker) -> None:
        broker.apply(WANTED)
        publish(broker, message("kept"))
        broker.apply(WANTED)
        publish(broker, message("second"))
        assert drain(broker, "a", 2) == [b"kept", b"second"]

    def test_a_topology_outlives_a_crash(self, broker: Broker, crash: Callable[[], Broker]) -> None:
        broker.apply(WANTED)
        reopened = crash()
        assert reopened.diff(WANTED) == []
        publish(reopened, message("bound"))
        assert drain(reopened, "a", 1) == [b"bound"]

    def test_diff_names_every_missing_exchange_and_queue_in_a_sentence_and_makes_none(
        self, broker: Broker
    ) -> None:
        broker.apply(ground())
        wanted = WANTED | Topology(exchanges=frozenset({Exchange("jishi.new", ExchangeType.TOPIC)}))
        for _ in range(2):
            sentences = broker.diff(wanted)
            for name in ("jishi.new", "a", "a.dead"):
                assert any(name in _names(sentence) for sentence in sentences), (name, sentences)
            assert all(sentence.endswith(".") for sentence in sentences)

    @pytest.mark.parametrize("name", OTHERWISE)
    def test_other_arguments_are_told_by_diff_and_refused_by_apply(
        self, broker: Broker, name: str
    ) -> None:
        broker.apply(WANTED)
        (sentence,) = broker.diff(OTHERWISE[name])
        assert name in _names(sentence)
        with pytest.raises(TopologyMissing) as refused:
            broker.apply(OTHERWISE[name])
        assert name in _names(str(refused.value))
        assert broker.diff(WANTED) == []
        publish(broker, message("still works"))
        assert drain(broker, "a", 1) == [b"still works"]


def _names(sentence: str) -> list[str]:
    """The words of a sentence, without the marks around them."""
    return [word.strip("'\"(),:;.") for word in sentence.split()]
