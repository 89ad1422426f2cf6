"""What a broker is to this library. Two keep this promise: RabbitMQ and the local SQLite file.

One behavioural suite (``shop_events.testing.conformance``) holds both to it:

* a confirmed message is durable and in every queue bound for it; one that no queue takes is told
  as unroutable and not stored;
* a delivery stays the broker's until it is acknowledged: a dead consumer's come again;
* a retried delivery comes back to its own queue alone, not before its delay;
* a buried one, or one delivered too often, lies in the queue's dead-letter queue with its cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from shop_events.envelope import Envelope
from shop_events.topology import Topology

# Headers the library adds to what it retries or buries; none holds anything of a person.
ATTEMPT: Final = "x-jishi-attempt"
FIRST_FAILED_AT: Final = "x-jishi-first-failed-at"
LAST_FAILED_AT: Final = "x-jishi-last-failed-at"
CAUSE: Final = "x-jishi-cause"
CAUSE_TYPE: Final = "x-jishi-cause-type"
CONSUMER: Final = "x-jishi-consumer"
ORIGIN_EXCHANGE: Final = "x-jishi-exchange"
ORIGIN_KEY: Final = "x-jishi-routing-key"


class BrokerUnavailable(Exception):
    """The broker cannot be reached, or did not answer in time."""


class TopologyMissing(Exception):
    """A queue or exchange the service needs is not there, or has other arguments."""


class Fate(StrEnum):
    """What became of one published message."""

    CONFIRMED = "confirmed"  # durable and in every queue bound for it
    REFUSED = "refused"  # the broker said no (a full queue): send again later
    UNROUTABLE = "unroutable"  # no queue is bound for its key
    UNKNOWN = "unknown"  # no answer in time: it may be there or not; send again, same id


@dataclass(frozen=True, slots=True)
class Message:
    """One event on its way: where to, its envelope, its JSON.

    With ``queue`` and no exchange it goes into that queue alone, whatever is bound to what: AMQP's
    default exchange knows every queue by its name (0-9-1, section 3.1.3.1).
    """

    exchange: str
    envelope: Envelope
    body: bytes
    queue: str = ""

    @property
    def routing_key(self) -> str:
        """The key it is published under."""
        return self.queue or self.envelope.routing_key


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as it came from a queue; headers and body may be anything at all."""

    queue: str
    routing_key: str
    exchange: str
    headers: Mapping[str, object]
    body: bytes
    redelivered: bool
    handle: object  # the broker's own name for this delivery
    attempt: int = 1  # 1 for the first; counted by our header, not by the broker


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a delivery failed, in words that hold no personal data."""

    consumer: str
    type: str
    cause: str
    at: datetime

    def headers(self, delivery: Delivery) -> dict[str, str]:
        """What is written on the retried or buried message."""
        first = delivery.headers.get(FIRST_FAILED_AT)
        return {
            CONSUMER: self.consumer,
            CAUSE_TYPE: self.type,
            CAUSE: self.cause,
            FIRST_FAILED_AT: str(first or self.at.isoformat()),
            LAST_FAILED_AT: self.at.isoformat(),
            ORIGIN_EXCHANGE: str(delivery.headers.get(ORIGIN_EXCHANGE) or delivery.exchange),
            ORIGIN_KEY: str(delivery.headers.get(ORIGIN_KEY) or delivery.routing_key),
        }


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up, with its cause in the headers (or none, if the broker did)."""

    queue: str  # the queue it was given up in
    routing_key: str
    headers: Mapping[str, object]
    body: bytes


@dataclass(frozen=True, slots=True)
class Logged:
    """One message of the event log. Offsets grow, with gaps."""

    offset: int
    headers: Mapping[str, object] = field(default_factory=dict)
    body: bytes = b""


class Publisher(Protocol):
    """Publishes whole batches and waits for all confirms once. One thread uses it at a time."""

    def send(self, messages: Sequence[Message], *, timeout_s: float = 5.0) -> list[Fate]:
        """Publish in order; one fate each, in the same order. Never waits beyond ``timeout_s``.

        Raises:
            BrokerUnavailable: there is no connection; nothing was sent.
            TopologyMissing: an exchange does not exist.
        """

    def close(self) -> None:
        """Let go of the connection; what is unconfirmed stays unknown."""


class Intake(Protocol):
    """One consumer's hold on one queue. Any thread may call it."""

    def receive(self, at_most: int, *, timeout_s: float) -> list[Delivery]:
        """Up to ``at_most`` deliveries; waits for the first one, at most ``timeout_s``.

        Raises:
            BrokerUnavailable: the connection is gone; call again, it reconnects by itself.
            TopologyMissing: the queue does not exist.
        """

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        """These are done with. Quiet if the connection is gone: they will come again."""

    def retry(self, delivery: Delivery, *, after: timedelta, failure: Failure) -> None:
        """Deliver it again, to this queue only, with ``attempt`` + 1, after a step of the ladder.

        The copy is safe before the original is acknowledged.

        Raises:
            BrokerUnavailable: not moved; the original will come again.
        """

    def bury(self, delivery: Delivery, *, failure: Failure) -> None:
        """Move it to the queue's dead letters, with its cause.

        Raises:
            BrokerUnavailable: not moved; the original will come again.
        """

    def release(self, deliveries: Sequence[Delivery]) -> None:
        """Give these back: they come again. That counts no attempt, but towards the delivery limit.

        Whoever only waits for something keeps the delivery in hand instead.
        """

    def close(self) -> None:
        """Stop taking; what was received and not acknowledged comes again elsewhere."""


class Broker(Protocol):
    """A place where events are published, kept, delivered and logged."""

    def apply(self, topology: Topology) -> None:
        """Make everything in ``topology`` exist. What exists as wanted is left alone.

        Raises:
            TopologyMissing: something exists with other arguments; the message names it.
        """

    def diff(self, topology: Topology) -> list[str]:
        """What ``topology`` asks for and the broker lacks or has otherwise, a sentence each."""

    def publisher(self) -> Publisher:
        """A new publisher with a connection of its own."""

    def intake(self, queue: str, *, prefetch: int = 50) -> Intake:
        """A new hold on ``queue``, with at most ``prefetch`` deliveries not yet acknowledged."""

    def depth(self, queue: str) -> int:
        """How many messages wait in ``queue`` (those under way not counted).

        Raises:
            TopologyMissing: there is no such queue.
        """

    def dead_letters(self, queue: str, *, at_most: int = 1_000) -> list[DeadLetter]:
        """What was given up in ``queue``, oldest first; it stays there."""

    def read_log(self, *, after: int | datetime | None = None) -> Iterator[Logged]:
        """The log from its start, after an offset, or from an instant on, up to its end now."""

    def close(self) -> None:
        """Let go of everything this object holds."""
