"""What the tests of the suite are made of: messages, home queues, patient consumers."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Final

from shop_events import topology
from shop_events.broker import Broker, Delivery, Failure, Fate, Intake, Message
from shop_events.envelope import Envelope
from shop_events.ids import new_id
from shop_events.testing.waiting import PATIENCE_S
from shop_events.topology import EVENTS, Topology

SHORT: Final = timedelta(milliseconds=200)
LONGER: Final = timedelta(milliseconds=400)
VERY_LONG: Final = timedelta(hours=1)  # no test waits for this one
SHORT_LADDER: Final = (SHORT, LONGER, VERY_LONG)

# How long a test looks at a queue to say that nothing comes: longer than a delivery takes.
QUIET_S: Final = 0.2


def home(queue: str, *keys: str, exchange: str = EVENTS) -> Topology:
    """A consumer's queue with a short ladder and its dead letters, bound under ``keys``."""
    return topology.home(queue, exchange, keys, ladder=SHORT_LADDER)


def prepare(broker: Broker, *homes: Topology) -> None:
    """Apply the ground and these queues."""
    wanted = topology.ground()
    for one in homes:
        wanted |= one
    broker.apply(wanted)


def envelope(
    of: str = "order.placed", *, version: int = 1, time: datetime | None = None
) -> Envelope:
    """An envelope with a fresh id, about order o-1."""
    return Envelope(
        id=new_id(),
        source="/jishi/order",
        type=of,
        version=version,
        subject="o-1",
        sequence=1,
        time=time or datetime.now(UTC),
        correlation_id="c-1",
    )


def message(
    body: bytes | str = b"{}",
    *,
    of: str = "order.placed",
    version: int = 1,
    exchange: str = EVENTS,
) -> Message:
    """A message to publish."""
    content = body.encode() if isinstance(body, str) else body
    return Message(exchange, envelope(of, version=version), content)


def numbered(count: int, *, start: int = 0) -> list[Message]:
    """Messages whose bodies are numbers that grow."""
    return [message(str(number)) for number in range(start, start + count)]


def publish(broker: Broker, *messages: Message) -> None:
    """Publish and see every one confirmed."""
    with closing(broker.publisher()) as publisher:
        assert publisher.send(messages) == [Fate.CONFIRMED] * len(messages)


def take(intake: Intake, count: int, *, at_most: int = 50) -> list[Delivery]:
    """Exactly ``count`` deliveries, however many calls it takes."""
    taken: list[Delivery] = []
    deadline = time.monotonic() + PATIENCE_S
    while len(taken) < count:
        left = deadline - time.monotonic()
        assert left > 0, f"Only {len(taken)} of {count} deliveries came in {PATIENCE_S} s."
        taken += intake.receive(min(at_most, count - len(taken)), timeout_s=min(left, 1.0))
    return taken


def take_one(intake: Intake) -> Delivery:
    """The next delivery."""
    return take(intake, 1)[0]


def drain(broker: Broker, queue: str, count: int) -> list[bytes]:
    """The bodies of ``count`` messages of a queue, acknowledged; and no more came after them."""
    drained: list[bytes] = []
    with closing(broker.intake(queue)) as intake:
        while len(drained) < count:
            taken = take(intake, min(50, count - len(drained)))
            drained += bodies(taken)
            intake.ack(taken)
        assert_quiet(intake)
    return drained


def assert_quiet(intake: Intake) -> None:
    """Nothing comes for a while."""
    assert bodies(intake.receive(50, timeout_s=QUIET_S)) == []


def assert_empty(broker: Broker, *queues: str) -> None:
    """Nothing comes from any of these queues."""
    for queue in queues:
        drain(broker, queue, 0)


def bodies(deliveries: Iterable[Delivery]) -> list[bytes]:
    """What is in them."""
    return [delivery.body for delivery in deliveries]


def failure(at: datetime | None = None, *, cause: str = "The provider did not answer.") -> Failure:
    """A failure of the consumer payment.open."""
    return Failure("payment.open", "ProviderSilent", cause, at or datetime.now(UTC))
