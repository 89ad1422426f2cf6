"""What is promised to a consumer whose handlers fail: retry, bury, the delivery limit."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from shop_events.broker import (
    CAUSE,
    CAUSE_TYPE,
    CONSUMER,
    FIRST_FAILED_AT,
    LAST_FAILED_AT,
    ORIGIN_EXCHANGE,
    ORIGIN_KEY,
    Broker,
    DeadLetter,
    TopologyMissing,
)
from shop_events.testing.conformance.parts import (
    LONGER,
    SHORT,
    VERY_LONG,
    assert_empty,
    assert_quiet,
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
from shop_events.topology import DELIVERY_LIMIT, EVENTS, PRIVATE, delay_queue

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)


class Failing:
    """A failing message waits, comes back, and is given up with its cause; others go on."""

    def test_a_retry_comes_back_to_its_own_queue_alone(self, broker: Broker) -> None:
        prepare(broker, home("a", "order.#"), home("b", "order.#"))
        publish(broker, message("again"))
        assert drain(broker, "b", 1) == [b"again"]
        with closing(broker.intake("a")) as intake:
            intake.retry(take_one(intake), after=SHORT, failure=failure())
            back = take_one(intake)
            intake.ack([back])
            assert_quiet(intake)
        assert (back.body, back.attempt, back.queue) == (b"again", 2, "a")
        assert not back.redelivered  # it failed in words; what may have killed a worker is marked
        assert (back.exchange, back.routing_key) == (EVENTS, "order.placed.v1")
        assert_empty(broker, "b")

    def test_a_retry_comes_not_before_its_delay_and_soon_after(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(5))
        waits = []
        with closing(broker.intake("a")) as intake:
            for delivery in take(intake, 5):
                started = time.monotonic()
                intake.retry(delivery, after=SHORT, failure=failure())
                intake.ack(take(intake, 1))
                waits.append(time.monotonic() - started)
        step = SHORT.total_seconds()
        assert min(waits) >= step - 0.005  # clocks of two processes, in whole milliseconds
        assert median(waits) < step + 1, waits  # the median: one stall of the machine is no fault

    def test_every_retry_counts_an_attempt(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, message())
        attempts = []
        with closing(broker.intake("a")) as intake:
            for _ in range(4):
                delivery = take_one(intake)
                attempts.append(delivery.attempt)
                intake.retry(delivery, after=SHORT, failure=failure())
        assert attempts == [1, 2, 3, 4]

    def test_a_long_delay_does_not_hold_up_a_short_one(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, message("long"), message("short"))
        with closing(broker.intake("a")) as intake:
            long, short = take(intake, 2)
            intake.retry(long, after=VERY_LONG, failure=failure())
            intake.retry(short, after=SHORT, failure=failure())
            assert take_one(intake).body == b"short"

    def test_a_retry_holds_up_no_fresh_message(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, message("failing"), message("fresh"))
        with closing(broker.intake("a", prefetch=1)) as intake:
            intake.retry(take_one(intake), after=VERY_LONG, failure=failure())
            assert take_one(intake).body == b"fresh"

    def test_a_delay_that_is_no_step_of_the_ladder_is_refused_and_nothing_is_lost(
        self, broker: Broker
    ) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, message("kept"))
        strange = timedelta(seconds=7)
        with closing(broker.intake("a")) as intake:
            held = take_one(intake)
            with pytest.raises(TopologyMissing, match=re.escape(delay_queue("a", strange))):
                intake.retry(held, after=strange, failure=failure())
        assert drain(broker, "a", 1) == [b"kept"]

    def test_a_retry_under_way_outlives_a_crash(
        self, broker: Broker, crash: Callable[[], Broker]
    ) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, message("steady"))
        intake = broker.intake("a")
        intake.retry(take_one(intake), after=LONGER, failure=failure())
        with closing(crash().intake("a")) as after:
            back = take_one(after)
        assert (back.body, back.attempt) == (b"steady", 2)

    def test_a_buried_message_lies_in_the_dead_letters_with_its_cause(self, broker: Broker) -> None:
        prepare(broker, home("a", "order.#", exchange=PRIVATE), home("b", "order.#"))
        publish(broker, message(b"\xff", exchange=PRIVATE))
        with closing(broker.intake("a")) as intake:
            intake.bury(take_one(intake), failure=failure(NINE, cause="没有这个订单"))
            assert_quiet(intake)
        (dead,) = _dead(broker, "a", 1)
        assert (dead.queue, dead.routing_key, dead.body) == ("a", "order.placed.v1", b"\xff")
        assert dead.headers["ce-type"] == "order.placed"
        assert _said(dead) == {
            CONSUMER: "payment.open",
            CAUSE_TYPE: "ProviderSilent",
            CAUSE: "没有这个订单",
            FIRST_FAILED_AT: NINE.isoformat(),
            LAST_FAILED_AT: NINE.isoformat(),
            ORIGIN_EXCHANGE: PRIVATE,
            ORIGIN_KEY: "order.placed.v1",
        }
        assert broker.dead_letters("b") == []

    def test_a_message_buried_after_a_retry_tells_its_first_and_last_failure(
        self, broker: Broker
    ) -> None:
        prepare(broker, home("a", "order.#"))
        publish(broker, message())
        with closing(broker.intake("a")) as intake:
            intake.retry(take_one(intake), after=SHORT, failure=failure(NINE))
            intake.bury(take_one(intake), failure=failure(TEN, cause="Still silent."))
        said = _said(_dead(broker, "a", 1)[0])
        assert (said[FIRST_FAILED_AT], said[LAST_FAILED_AT]) == (NINE.isoformat(), TEN.isoformat())
        assert (said[CAUSE], said[ORIGIN_EXCHANGE]) == ("Still silent.", EVENTS)
        assert said[ORIGIN_KEY] == "order.placed.v1"

    def test_dead_letters_are_told_oldest_first_and_stay_however_often_they_are_read(
        self, broker: Broker, crash: Callable[[], Broker]
    ) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(3))
        with closing(broker.intake("a")) as intake:
            for delivery in take(intake, 3):
                intake.bury(delivery, failure=failure())
        _dead(broker, "a", 3)
        for _ in range(DELIVERY_LIMIT + 5):  # reading is no delivery that a limit could count
            assert [dead.body for dead in _dead(broker, "a", 3)] == [b"0", b"1", b"2"]
        assert [dead.body for dead in _dead(crash(), "a", 3)] == [b"0", b"1", b"2"]

    def test_no_more_dead_letters_are_told_than_asked_for(self, broker: Broker) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(3))
        with closing(broker.intake("a")) as intake:
            for delivery in take(intake, 3):
                intake.bury(delivery, failure=failure())
        _dead(broker, "a", 3)
        assert [dead.body for dead in broker.dead_letters("a", at_most=1)] == [b"0"]

    def test_a_message_that_kills_its_consumers_is_given_up_and_its_neighbours_go_on(
        self, broker: Broker
    ) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, message("before"), message("poison"), message("after"))
        deaths = 0
        handled: list[bytes] = []
        while len(handled) < 2 or deaths < DELIVERY_LIMIT:
            with closing(broker.intake("a", prefetch=1)) as intake:
                delivery = take_one(intake)
                if delivery.body == b"poison":
                    deaths += 1  # its consumer goes without a word, and the next one opens
                else:
                    handled.append(delivery.body)
                    intake.ack([delivery])
        (dead,) = self._given_up(broker, already=deaths)
        assert (dead.queue, dead.routing_key, dead.body) == ("a", "order.placed.v1", b"poison")
        assert sorted(handled) == [b"after", b"before"]
        assert_empty(broker, "a")

    def test_a_message_that_kills_its_process_is_counted_across_crashes(
        self, broker: Broker, crash: Callable[[], Broker]
    ) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, message("poison"))
        for _ in range(DELIVERY_LIMIT - 2):
            with closing(broker.intake("a")) as intake:
                intake.release(take(intake, 1))
        take(broker.intake("a"), 1)
        reopened = crash()
        (dead,) = self._given_up(reopened, already=DELIVERY_LIMIT - 1)
        assert dead.body == b"poison"

    def _given_up(self, broker: Broker, *, already: int) -> list[DeadLetter]:
        """Receive without acking until the message is given up, at DELIVERY_LIMIT + 1 at most."""
        deliveries, deadline = already, time.monotonic() + PATIENCE_S
        while not (dead := broker.dead_letters("a")):
            assert time.monotonic() < deadline, f"Not given up after {deliveries} deliveries."
            with closing(broker.intake("a", prefetch=1)) as intake:
                deliveries += len(intake.receive(1, timeout_s=0.2))
        assert DELIVERY_LIMIT <= deliveries <= DELIVERY_LIMIT + 1
        return dead


def _dead(broker: Broker, queue: str, count: int) -> list[DeadLetter]:
    def all_there() -> list[DeadLetter]:
        dead = broker.dead_letters(queue)
        return dead if len(dead) == count else []

    return eventually(all_there)


def _said(dead: DeadLetter) -> dict[str, object]:
    return {
        name: dead.headers.get(name)
        for name in (
            CONSUMER,
            CAUSE_TYPE,
            CAUSE,
            FIRST_FAILED_AT,
            LAST_FAILED_AT,
            ORIGIN_EXCHANGE,
            ORIGIN_KEY,
        )
    }
