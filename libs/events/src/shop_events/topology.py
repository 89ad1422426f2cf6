"""Exchanges, queues and bindings as data; a broker applies them and tells the difference.

    public event  ──► jishi.events (topic) ─┬─► <service>.events.v1
                                            └─► jishi.log (a stream: everything, for replay)
    private event ──► jishi.private (topic) ──► <service>.private.v1     named listeners only
    to be retried ──► jishi.delay (topic) ──► <queue>.delay.<n>ms ── after its TTL ──► <queue>
    given up      ──► jishi.dead (topic) ──► <queue>.dead

Delays and dead letters belong to one queue each and travel under its name, on topic exchanges: so
a broker's topic permissions can hold every service to its own, and nobody can slip a message into
the queue of another by having it "retried" there.

Services run without the right to configure anything: a deployment applies the topology before
they start, so that no event is lost before its first subscriber runs (EVENTS.md rows 10 and 40).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from shop_events.contract import Contract
from shop_events.wire import UPCASTERS, Upcasters

EVENTS: Final = "jishi.events"
PRIVATE: Final = "jishi.private"
DELAY: Final = "jishi.delay"
DEAD: Final = "jishi.dead"
LOG: Final = "jishi.log"

# After the immediate attempts, a failing event waits this long before each further one (row 13).
LADDER: Final = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 3600))

# A message that kills its worker is given up after this many deliveries (row 18).
DELIVERY_LIMIT: Final = 20
LONGEST_QUEUE: Final = 1_000_000
LOG_KEEPS: Final = timedelta(days=30)
LARGEST_LOG_BYTES: Final = 20 * 10**9
PRIVATE_DEAD_KEEPS: Final = timedelta(days=7)


class ExchangeType(StrEnum):
    """How an exchange chooses queues."""

    TOPIC = "topic"
    DIRECT = "direct"
    FANOUT = "fanout"


class QueueKind(StrEnum):
    """What a queue is for; a broker gives each kind its arguments."""

    WORK = "work"  # a consumer's home queue: delivery limit, dead letters
    DELAY = "delay"  # holds for its TTL, then sends home
    DEAD = "dead"  # what was given up, kept for people
    LOG = "log"  # an append-only log that many read from any place


@dataclass(frozen=True, slots=True)
class Exchange:
    """A named place to publish to."""

    name: str
    type: ExchangeType


@dataclass(frozen=True, slots=True)
class Queue:
    """A named queue. ``ttl`` is how long a message stays in it; None means until it is taken.

    A delay queue sends what has stayed so long to ``home``.
    """

    name: str
    kind: QueueKind
    ttl: timedelta | None = None
    home: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """Messages published to ``exchange`` under a key matching ``key`` go to ``queue``."""

    exchange: str
    key: str
    queue: str


@dataclass(frozen=True, slots=True)
class Topology:
    """What has to exist at the broker. Topologies are joined with ``|``."""

    exchanges: frozenset[Exchange] = field(default_factory=frozenset)
    queues: frozenset[Queue] = field(default_factory=frozenset)
    bindings: frozenset[Binding] = field(default_factory=frozenset)

    def __or__(self, other: Topology) -> Topology:
        return Topology(
            self.exchanges | other.exchanges,
            self.queues | other.queues,
            self.bindings | other.bindings,
        )

    def plan(self) -> list[str]:
        """What applying it would ask for, a sentence each, in a stable order."""
        return [
            *sorted(f"exchange {e.name} ({e.type})" for e in self.exchanges),
            *sorted(f"queue {q.name} ({q.kind}{_ttl(q)})" for q in self.queues),
            *sorted(f"binding {b.exchange} --{b.key}--> {b.queue}" for b in self.bindings),
        ]


class NotAListener(ValueError):
    """A service subscribes to a private event whose contract does not name it."""


def events_queue(service: str) -> str:
    """The home queue of a service's public subscriptions."""
    return f"{service}.events.v1"


def private_queue(service: str) -> str:
    """The home queue of a service's private subscriptions."""
    return f"{service}.private.v1"


def dead_queue(queue: str) -> str:
    """Where a queue's given-up messages are kept."""
    return f"{queue}.dead"


def delay_queue(queue: str, delay: timedelta) -> str:
    """Where a message of ``queue`` waits for ``delay`` before it comes home."""
    return f"{queue}.delay.{delay // timedelta(milliseconds=1)}ms"


def exchange_for(contract: Contract) -> str:
    """Where events of this contract are published."""
    return PRIVATE if contract.private else EVENTS


def ground() -> Topology:
    """What every installation needs, whichever services it has."""
    return Topology(
        exchanges=frozenset(
            Exchange(name, ExchangeType.TOPIC) for name in (EVENTS, PRIVATE, DELAY, DEAD)
        ),
        queues=frozenset({Queue(LOG, QueueKind.LOG, ttl=LOG_KEEPS)}),
        bindings=frozenset({Binding(EVENTS, "#", LOG)}),
    )


def subscriber(
    service: str,
    contracts: Iterable[Contract],
    *,
    upcasters: Upcasters = UPCASTERS,
    ladder: Iterable[timedelta] = LADDER,
) -> Topology:
    """The queues and bindings of a service that subscribes to ``contracts``.

    Older versions that the upcasters can read are bound too.

    Raises:
        NotAListener: a private contract does not name ``service``.
    """
    steps = tuple(ladder)
    public: list[str] = []
    private: list[str] = []
    for contract in contracts:
        if contract.private and service not in contract.listeners:
            raise NotAListener(f"{contract.name} may not be read by {service}: it is private.")
        (private if contract.private else public).extend(_keys(contract, upcasters))
    topology = home(events_queue(service), EVENTS, public, ladder=steps)
    if private:
        topology |= home(
            private_queue(service), PRIVATE, private, ladder=steps, dead_ttl=PRIVATE_DEAD_KEEPS
        )
    return topology


def home(
    queue: str,
    exchange: str,
    keys: Iterable[str],
    *,
    ladder: Iterable[timedelta] = LADDER,
    dead_ttl: timedelta | None = None,
) -> Topology:
    """A consumer's queue bound to ``exchange`` under ``keys``, its delays and dead letters."""
    dead = dead_queue(queue)
    delays = [Queue(delay_queue(queue, step), QueueKind.DELAY, step, queue) for step in ladder]
    return Topology(
        queues=frozenset(
            {Queue(queue, QueueKind.WORK), Queue(dead, QueueKind.DEAD, dead_ttl), *delays}
        ),
        bindings=frozenset(
            {
                Binding(DEAD, queue, dead),
                *(Binding(DELAY, delay.name, delay.name) for delay in delays),
                *(Binding(exchange, key, queue) for key in keys),
            }
        ),
    )


def _keys(contract: Contract, upcasters: Upcasters) -> list[str]:
    oldest = upcasters.oldest_readable(contract.name, contract.version)
    return [f"{contract.name}.v{version}" for version in range(oldest, contract.version + 1)]


def _ttl(queue: Queue) -> str:
    return f", {int(queue.ttl.total_seconds())} s" if queue.ttl else ""
