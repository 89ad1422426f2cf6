"""What is promised to a consumer whose handlers succeed, or whose process dies."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from shop_events.broker import Broker, TopologyMissing
from shop_events.testing.conformance.parts import (
    QUIET_S,
    SHORT,
    assert_empty,
    assert_quiet,
    bodies,
    drain,
    failure,
    home,
    message,
    numbered,
    prepare,
    publish,
    take,
    take_one,
)
from shop_events.testing.waiting import PATIENCE_S, eventually


class Delivering:
    """A delivery stays the broker's until it is acknowledged."""

    def test_ack_removes(self, broker: Broker, crash: Callable[[], Broker]) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(3))
        with closing(broker.intake("a")) as intake:
            taken = take(intake, 3)
            intake.ack(taken[:2])
            intake.ack(taken[2:])
            eventually(lambda: broker.depth("a") == 0)
        assert_empty(broker, "a")
        assert_empty(crash(), "a")

    def test_acking_in_another_order_removes_only_what_was_acked(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(4))
        with closing(broker.intake("a")) as intake:
            taken = take(intake, 4)
            intake.ack([taken[3], taken[1]])
        assert sorted(drain(broker, "a", 2)) == [b"0", b"2"]

    def test_no_more_than_prefetch_are_in_hand_at_once(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(6))
        with closing(broker.intake("a", prefetch=3)) as intake:
            held = take(intake, 3, at_most=10)
            assert_quiet(intake)
            intake.ack(held[:1])
            assert bodies(take(intake, 1)) == [b"3"]
            assert_quiet(intake)

    def test_receive_gives_at_most_what_was_asked_for(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(6))
        with closing(broker.intake("a")) as intake:
            first = intake.receive(2, timeout_s=PATIENCE_S)
            rest = take(intake, 6 - len(first))
        assert 1 <= len(first) <= 2
        assert bodies(first + rest) == [b"0", b"1", b"2", b"3", b"4", b"5"]

    def test_receive_waits_no_longer_than_its_timeout(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        with closing(broker.intake("a")) as intake:
            intake.receive(1, timeout_s=QUIET_S)  # connected from here on
            started = time.monotonic()
            assert intake.receive(1, timeout_s=QUIET_S) == []
            waited = time.monotonic() - started
        assert QUIET_S * 0.9 <= waited < QUIET_S + 5

    def test_a_waiting_consumer_is_woken_by_a_message(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        with closing(broker.intake("a")) as intake, ThreadPoolExecutor(1) as thread:
            assert_quiet(intake)
            waiting = thread.submit(intake.receive, 1, timeout_s=4 * PATIENCE_S)
            publish(broker, message("wake"))
            assert bodies(waiting.result(PATIENCE_S)) == [b"wake"]

    def test_what_a_closed_intake_held_comes_again_redelivered(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(3))
        with closing(broker.intake("a")) as intake:
            intake.ack(take(intake, 3)[:1])
        with closing(broker.intake("a")) as intake:
            again = take(intake, 2)
        assert sorted(bodies(again)) == [b"1", b"2"]
        assert [one.redelivered for one in again] == [True, True]
        assert [one.attempt for one in again] == [1, 1]

    def test_what_a_crashed_process_held_comes_again_redelivered(
        self, broker: Broker, crash: Callable[[], Broker]
    ) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(5))
        intake = broker.intake("a", prefetch=3)
        intake.ack(take(intake, 3)[:1])
        with closing(crash().intake("a")) as after:
            again = take(after, 4)
        assert sorted(bodies(again)) == [b"1", b"2", b"3", b"4"]
        assert {one.body: one.redelivered for one in again}.items() >= {
            b"1": True,
            b"2": True,
        }.items()

    def test_release_gives_back_and_counts_no_attempt(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, message("patient"))
        with closing(broker.intake("a")) as intake:
            intake.release([take_one(intake)])
            once_more = take_one(intake)
            assert (once_more.body, once_more.attempt) == (b"patient", 1)
            intake.retry(once_more, after=SHORT, failure=failure())
            intake.release([take_one(intake)])
            assert take_one(intake).attempt == 2

    def test_what_one_consumer_releases_another_may_take(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, message("passed on"))
        first = broker.intake("a")
        held = take(first, 1)
        with closing(broker.intake("a")) as second:
            assert_quiet(second)
            first.release(held)
            first.close()
            assert bodies(take(second, 1)) == [b"passed on"]

    def test_two_consumers_share_a_queue_without_doubling(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(60))
        seen: tuple[list[bytes], list[bytes]] = ([], [])
        with (
            closing(broker.intake("a", prefetch=5)) as one,
            closing(broker.intake("a", prefetch=5)) as two,
        ):
            deadline = time.monotonic() + PATIENCE_S
            while len(seen[0]) + len(seen[1]) < 60 and time.monotonic() < deadline:
                for intake, mine in zip((one, two), seen, strict=True):
                    taken = intake.receive(5, timeout_s=QUIET_S)
                    mine.extend(bodies(taken))
                    intake.ack(taken)
        assert sorted(seen[0] + seen[1]) == sorted(str(n).encode() for n in range(60))
        assert all(seen), "One of the two got nothing."

    def test_many_threads_may_ack_at_one_intake(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(40))
        with closing(broker.intake("a")) as intake, ThreadPoolExecutor(4) as threads:
            taken = take(intake, 40)
            list(threads.map(lambda one: intake.ack([one]), taken))
        assert_empty(broker, "a")

    def test_depth_counts_what_waits_and_not_what_is_under_way(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        assert broker.depth("a") == 0
        publish(broker, *numbered(5))
        eventually(lambda: broker.depth("a") == 5)
        with closing(broker.intake("a", prefetch=2)) as intake:
            take(intake, 2)
            eventually(lambda: broker.depth("a") == 3)

    def test_a_missing_queue_is_named(self, broker: Broker) -> None:
        prepare(broker)
        with pytest.raises(TopologyMissing, match=r"nobody\.events\.v1"):
            broker.depth("nobody.events.v1")
        with pytest.raises(TopologyMissing, match=r"nobody\.events\.v1"):
            _receive_from(broker, "nobody.events.v1")


def _receive_from(broker: Broker, queue: str) -> None:
    with closing(broker.intake(queue)) as intake:
        intake.receive(1, timeout_s=PATIENCE_S)
