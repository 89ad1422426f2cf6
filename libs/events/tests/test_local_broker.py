"""The local broker keeps the promises of a broker, and some of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from libs.events.tests.local_files import Files, broker, files
from shop_events.broker import (
    CAUSE,
    ORIGIN_EXCHANGE,
    ORIGIN_KEY,
    Broker,
    BrokerUnavailable,
    TopologyMissing,
)
from shop_events.local_broker import LocalBroker
from shop_events.testing.conformance import BrokerConformance
from shop_events.testing.conformance.parts import (
    SHORT,
    assert_quiet,
    bodies,
    drain,
    failure,
    home,
    message,
    numbered,
    prepare,
    publish,
    take_one,
)
from shop_events.testing.waiting import PATIENCE_S
from shop_events.topology import (
    DELIVERY_LIMIT,
    EVENTS,
    Binding,
    Queue,
    QueueKind,
    Topology,
)

__all__ = ["broker", "files"]  # fixtures


class TestLocalBroker(BrokerConformance):
    """Everything every broker promises."""

    @pytest.fixture
    def crash(self, broker: Broker, files: Files) -> Callable[[], Broker]:
        return files.crash


class TestManners:
    """What a consumer in the same process may rely on besides."""

    def test_a_message_that_is_there_is_received_without_waiting(self, broker: LocalBroker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(3))
        with closing(broker.intake("a")) as intake:
            assert bodies(intake.receive(50, timeout_s=0)) == [b"0", b"1", b"2"]
            assert intake.receive(50, timeout_s=0) == []

    def test_closing_an_intake_ends_its_waiting_receive(self, broker: LocalBroker) -> None:
        prepare(broker, home("a", "#"))
        intake = broker.intake("a")
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(intake.receive, 1, timeout_s=4 * PATIENCE_S)
            assert_quiet(intake)
            intake.close()
            assert waiting.result(PATIENCE_S) == []
        with pytest.raises(BrokerUnavailable, match="was closed"):
            intake.receive(1, timeout_s=0)

    def test_closing_the_broker_ends_a_waiting_receive(self, broker: LocalBroker) -> None:
        prepare(broker, home("a", "#"))
        intake = broker.intake("a")
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(intake.receive, 1, timeout_s=4 * PATIENCE_S)
            assert_quiet(intake)
            broker.close()
            with pytest.raises(BrokerUnavailable, match="is closed"):
                waiting.result(PATIENCE_S)
        intake.close()

    def test_a_late_answer_does_not_touch_what_another_consumer_holds(
        self, broker: LocalBroker
    ) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, message("mine"))
        late = broker.intake("a")
        old = take_one(late)
        late.close()
        with closing(broker.intake("a")) as intake:
            take_one(intake)
            late.ack([old])
            with pytest.raises(BrokerUnavailable, match="not in hand any more"):
                late.retry(old, after=SHORT, failure=failure())
        assert drain(broker, "a", 1) == [b"mine"]

    def test_what_is_given_up_at_the_limit_says_so(self, broker: LocalBroker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, message("poison"))
        with closing(broker.intake("a")) as intake:
            for _ in range(DELIVERY_LIMIT + 1):
                intake.release([take_one(intake)])
        (dead,) = broker.dead_letters("a")
        assert dead.headers[CAUSE] == "Delivered 21 times and never answered for."
        assert (dead.headers[ORIGIN_EXCHANGE], dead.headers[ORIGIN_KEY]) == (
            EVENTS,
            "order.placed.v1",
        )

    def test_a_queue_without_dead_letters_gives_nothing_up(self, broker: LocalBroker) -> None:
        prepare(
            broker,
            Topology(
                queues=frozenset({Queue("a", QueueKind.WORK)}),
                bindings=frozenset({Binding(EVENTS, "#", "a")}),
            ),
        )
        publish(broker, message("kept"))
        with closing(broker.intake("a")) as intake:
            for _ in range(DELIVERY_LIMIT + 5):
                intake.release([take_one(intake)])
            with pytest.raises(TopologyMissing, match=r"a\.dead"):
                intake.bury(take_one(intake), failure=failure())
        assert drain(broker, "a", 1) == [b"kept"]

    def test_a_missing_binding_is_told_and_a_loose_one_refused(self, broker: LocalBroker) -> None:
        prepare(broker, home("a", "order.#"))
        wanted = home("a", "order.#", "parcel.#")
        assert broker.diff(wanted) == ["The binding of a to jishi.events by parcel.# is missing."]
        loose = Topology(bindings=frozenset({Binding("jishi.nowhere", "#", "a")}))
        with pytest.raises(TopologyMissing, match=r"jishi\.nowhere"):
            broker.apply(loose)
        assert broker.diff(loose) == ["The binding of a to jishi.nowhere by # is missing."]

    def test_threads_publish_consume_and_retry_at_once_without_losing_or_doubling(
        self, broker: LocalBroker
    ) -> None:
        prepare(broker, home("a", "#"))
        done: list[bytes] = []

        def work() -> None:
            deadline = time.monotonic() + PATIENCE_S
            with closing(broker.intake("a", prefetch=7)) as intake:
                while len(done) < 300 and time.monotonic() < deadline:
                    for one in intake.receive(5, timeout_s=0.05):
                        if one.attempt == 1 and int(one.body) % 10 == 0:
                            intake.retry(one, after=SHORT, failure=failure())
                        else:
                            intake.ack([one])
                            done.append(one.body)

        with ThreadPoolExecutor(6) as threads:
            working = [threads.submit(work) for _ in range(3)]
            for start in range(0, 300, 10):
                threads.submit(publish, broker, *numbered(10, start=start))
            for one in working:
                one.result(2 * PATIENCE_S)
        assert sorted(done) == sorted(str(number).encode() for number in range(300))
