"""An event has its effect once, whatever happens on its way."""

from datetime import timedelta

import pytest

from libs.events.tests.conftest import (
    Bakery,
    LoafBaked,
    LoafBurnt,
    LoafOrdered,
    bake,
    times_baked,
)
from shop_events import (
    Money,
    Permanent,
    Retryable,
    Subscriptions,
    Tx,
    WrongHandler,
    faults,
)
from shop_events.broker import CAUSE, CAUSE_TYPE, CONSUMER, Message
from shop_events.consumer import Consumer
from shop_events.envelope import Envelope
from shop_events.testing.harness import NeverQuiet
from shop_events.testing.misbehaviour import Misbehaving
from shop_events.topology import EVENTS, LADDER, events_queue
from tests.support import eventually

HOME = events_queue("bakery")


def ordered(loaf: str = "rye") -> LoafOrdered:
    return LoafOrdered(loaf_id=loaf, price=Money(500, "EUR"))


def test_an_event_told_twice_has_one_effect(bakery: Bakery) -> None:
    town = bakery.harness()

    town.hears(ordered(), event_id="e1")
    town.hears(ordered(), event_id="e1")
    town.drain()
    town.hears(ordered(), event_id="e1")
    town.drain()

    assert times_baked(bakery.database) == {"rye": 1}
    assert town.said(LoafBaked) == [LoafBaked(loaf_id="rye")]


@pytest.mark.parametrize("point", ["consumer.before_commit", "consumer.after_commit"])
def test_a_fault_around_the_commit_leaves_one_effect(bakery: Bakery, point: str) -> None:
    town = bakery.harness(strict=False)
    town.hears(ordered())
    faults.arm(f"{point}:1:raise")

    town.drain()
    faults.arm("")
    town.advance(LADDER[0])

    assert times_baked(bakery.database) == {"rye": 1}


def test_doubled_and_shuffled_events_have_one_effect_each(bakery: Bakery) -> None:
    worker = bakery.worker(change_intake=lambda intake: Misbehaving(intake, seed=7))
    town = bakery.harness()
    town.workers = [worker]
    for number in range(120):
        town.hears(ordered(f"loaf-{number}"))

    for _ in range(60):
        town.drain()

    assert times_baked(bakery.database) == {f"loaf-{n}": 1 for n in range(120)}


def test_one_bad_event_in_a_batch_fails_alone(bakery: Bakery, subscriptions_with: None) -> None:
    town = bakery.harness(strict=False)
    for loaf in ("rye", "stone", "oat"):
        town.hears(ordered(loaf))

    town.drain()

    assert times_baked(bakery.database) == {"rye": 1, "oat": 1}
    (dead,) = bakery.broker.dead_letters(HOME)
    assert dead.headers[CAUSE_TYPE] == "Permanent"
    assert dead.headers[CONSUMER] == "bakery"


@pytest.fixture
def subscriptions_with(bakery: Bakery) -> None:
    """A bakery that cannot bake stones, ever, and cannot bake clouds, yet."""
    made = Subscriptions("bakery")

    @made.on(LoafOrdered, publishes=(LoafBaked,))
    def bake_what_can_be_baked(event: LoafOrdered, tx: Tx) -> None:
        bake(tx, event.loaf_id)
        if event.loaf_id == "stone":
            raise Permanent("A stone is no loaf; Ann asked for it.")
        if event.loaf_id == "cloud":
            raise Retryable("No cloud today.")

    bakery.subscriptions = made


def test_a_failing_event_climbs_the_ladder_and_is_then_given_up_with_its_cause(
    bakery: Bakery, subscriptions_with: None
) -> None:
    town = bakery.harness(strict=False)
    town.hears(ordered("cloud"))
    town.drain()

    for step in LADDER:
        assert bakery.broker.dead_letters(HOME) == []
        town.advance(step - timedelta(milliseconds=1))
        assert town.drain() == 0
        town.advance(timedelta(milliseconds=2))

    (dead,) = bakery.broker.dead_letters(HOME)
    assert dead.headers[CAUSE_TYPE] == "Retryable"
    assert "bake_what_can_be_baked" in str(dead.headers[CAUSE])
    assert times_baked(bakery.database) == {}


def test_a_cause_never_repeats_what_an_exception_said(
    bakery: Bakery, subscriptions_with: None
) -> None:
    town = bakery.harness(strict=False)
    town.hears(ordered("stone"))
    town.drain()

    (dead,) = bakery.broker.dead_letters(HOME)

    assert "Ann" not in str(dead.headers)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b'{"loaf_id": 7, "price": {"amount": "5.00", "currency": "EUR"}}',
        b'{"loaf_id": "rye", "price": {"amount": 5.0, "currency": "EUR"}}',
        b'{"loaf_id": "rye", "price": {"amount": "Infinity", "currency": "EUR"}}',
        b"[" * 100_000,
        b'{"loaf_id": "' + b"x" * 300_000 + b'"}',
    ],
    ids=["empty", "text", "bytes", "number", "float", "infinite", "deep", "huge"],
)
def test_a_poisoned_message_is_parked_at_once_and_its_neighbours_go_on(
    bakery: Bakery, body: bytes
) -> None:
    town = bakery.harness(strict=False)
    town.hears(ordered("rye"))
    send(bakery, body)
    town.hears(ordered("oat"))

    town.drain()

    assert times_baked(bakery.database) == {"rye": 1, "oat": 1}
    (dead,) = bakery.broker.dead_letters(HOME)
    assert dead.body == body
    assert dead.headers[CAUSE]


def test_what_nobody_foresaw_costs_no_delivery_its_next_try(
    bakery: Bakery, subscriptions_with: None
) -> None:
    """Whatever stays in hand blocks a place of the prefetch until the process ends."""
    consumer = Consumer(bakery.database, bakery.subscriptions, bakery.broker.intake(HOME))
    town = bakery.harness(strict=False)
    for loaf in ("cloud", "rye", "oat"):
        town.hears(ordered(loaf))
    faults.arm("consumer.before_retry:1:raise")
    with pytest.raises(faults.Injected):
        consumer.step(timeout_s=1)
    faults.arm("")

    assert consumer.step(timeout_s=1) == 3
    assert times_baked(bakery.database) == {"rye": 1, "oat": 1}


def test_a_newer_version_than_known_is_parked_and_never_dropped(bakery: Bakery) -> None:
    from shop_events import wire

    town = bakery.harness(strict=False)
    consumer = Consumer(bakery.database, bakery.subscriptions, bakery.broker.intake(HOME))
    send(bakery, wire.encode(ordered()))
    (delivery,) = consumer.intake.receive(1, timeout_s=1)
    newer = {**delivery.headers, "ce-schemaversion": "9"}

    consumer.handle([type(delivery)(**{**_fields(delivery), "headers": newer})])

    (dead,) = bakery.broker.dead_letters(HOME)
    assert dead.headers[CAUSE_TYPE] == "UnknownVersion"
    assert town.story() == []


def test_an_event_in_another_services_name_is_parked(bakery: Bakery) -> None:
    from shop_events import wire

    send(bakery, wire.encode(ordered()), source="/jishi/thief")

    bakery.harness(strict=False).drain()

    assert times_baked(bakery.database) == {}
    assert len(bakery.broker.dead_letters(HOME)) == 1


def test_unknown_fields_are_ignored(bakery: Bakery) -> None:
    send(
        bakery,
        b'{"loaf_id": "rye", "price": {"amount": "5.00", "currency": "EUR"}, "seeds": ["poppy"]}',
    )

    bakery.harness().drain()

    assert times_baked(bakery.database) == {"rye": 1}


def test_a_wrong_handler_is_found_when_it_is_imported() -> None:
    made = Subscriptions("bakery")

    with pytest.raises(WrongHandler):

        @made.on(LoafOrdered)
        def burn(event: LoafBurnt, tx: Tx) -> None: ...


def test_two_handlers_for_one_event_are_refused() -> None:
    made = Subscriptions("bakery")

    @made.on(LoafOrdered)
    def first(event: LoafOrdered, tx: Tx) -> None: ...

    with pytest.raises(WrongHandler):

        @made.on(LoafOrdered)
        def second(event: LoafOrdered, tx: Tx) -> None: ...


def test_a_handlers_exception_is_raised_in_the_test_that_caused_it(
    bakery: Bakery, subscriptions_with: None
) -> None:
    town = bakery.harness()
    town.hears(ordered("stone"))

    with pytest.raises(Permanent):
        town.drain()


def test_a_story_without_end_is_noticed(bakery: Bakery) -> None:
    made = Subscriptions("bakery")

    @made.on(LoafOrdered, publishes=(LoafBaked,))
    def bake_first(event: LoafOrdered, tx: Tx) -> None:
        bake(tx, event.loaf_id)

    @made.on(LoafBaked, publishes=(LoafBaked,))
    def bake_on_and_on(event: LoafBaked, tx: Tx) -> None:
        bake(tx, event.loaf_id)

    bakery.subscriptions = made
    bakery.broker.apply(made.topology())
    town = bakery.harness()
    town.hears(ordered())

    with pytest.raises(NeverQuiet):
        town.drain(at_most=200)


def test_a_stopped_worker_finishes_what_it_has_and_leaves_the_rest(bakery: Bakery) -> None:
    worker = bakery.worker(strict=False)
    town = bakery.harness()
    for number in range(200):
        town.hears(ordered(f"loaf-{number}"))
    worker.start()
    eventually(lambda: len(times_baked(bakery.database)) > 10)

    assert worker.stop(within_s=20)

    baked = times_baked(bakery.database)
    assert set(baked.values()) == {1}
    assert len(baked) + bakery.broker.depth(HOME) == 200


def test_lanes_keep_the_events_of_one_aggregate_in_order(bakery: Bakery) -> None:
    seen: dict[str, list[int]] = {}
    made = Subscriptions("bakery")

    @made.on(LoafOrdered)
    def note(event: LoafOrdered, tx: Tx) -> None:
        seen.setdefault(event.loaf_id, []).append(event.price.minor)

    bakery.subscriptions = made
    town = bakery.harness()
    for number in range(100):
        loaf = f"loaf-{number % 7}"
        town.hears(LoafOrdered(loaf_id=loaf, price=Money(number, "EUR")))
    from shop_events import Worker

    worker = Worker(bakery.database, bakery.broker, made, lanes=4)
    worker.start()
    eventually(lambda: sum(map(len, seen.values())) == 100, within_s=20)
    worker.stop(within_s=10)

    assert all(numbers == sorted(numbers) for numbers in seen.values())


def send(bakery: Bakery, body: bytes, *, source: str = "/jishi/cafe") -> None:
    """Publish raw bytes as if they were an order of a loaf."""
    from shop_events import new_id

    envelope = Envelope(
        id=new_id(),
        source=source,
        type="loaf.ordered",
        version=1,
        subject="rye",
        sequence=1,
        time=bakery.clock.now(),
        correlation_id="c",
    )
    bakery.broker.publisher().send([Message(EVENTS, envelope, body)])


def _fields(delivery: object) -> dict[str, object]:
    from dataclasses import fields

    return {field.name: getattr(delivery, field.name) for field in fields(delivery)}  # type: ignore[arg-type]
