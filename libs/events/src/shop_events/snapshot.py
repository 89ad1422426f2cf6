"""The present state of every aggregate, told to one consumer whose copy is new or was lost.

    states = (State(StockLevelChanged, present_levels),)
    for told in Snapshot(database, broker, states).tell("cart"): ...

Whoever is bound already goes on hearing what changes; a copy that compares ``version`` cannot tell
the order in which the two reach it. What is told goes into that consumer's queue alone: no other
subscriber and no log sees it. It bypasses the outbox, since nothing has happened, and so bears no
number of its aggregate (``sequence`` 0) and an id that begins with ``snapshot-``.

It may be stopped at any time and begun again: a copy that was told already ignores it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from shop_events.broker import Broker, Fate, Message, Publisher
from shop_events.contract import Contract, Event, Kind, aggregate_id, contract_of
from shop_events.database import Database
from shop_events.envelope import Envelope
from shop_events.ids import new_id
from shop_events.topology import events_queue, private_queue
from shop_events.wire import encode

PER_SECOND: Final = 500
PAGE: Final = 100
TRIES: Final = 5
PAUSE_S: Final = 1.0
MARK: Final = "snapshot-"

Page = Callable[[Connection, str, int], Sequence[Event]]


class NotAState(ValueError):
    """An event that is a fact, or another's, was given as the present state of something."""


class SnapshotStopped(Exception):
    """The queue is not there, or takes nothing for now. What was told stays told: begin again."""


@dataclass(frozen=True, slots=True)
class State:
    """How to tell the present state of everything that has this *state* event.

    ``page(connection, after, at_most)`` gives at most so many events, by aggregate id, of the
    aggregates whose ids come after ``after`` (at first the empty text); none at the end. An
    event holds what the last published one would hold now, with the same ``version``.

    Raises:
        NotAState: copies could not tell an older one from a newer one.
    """

    event: type[Event]
    page: Page

    def __post_init__(self) -> None:
        if self.contract.kind is Kind.FACT or "version" not in self.event.__annotations__:
            raise NotAState(f"{self.contract.name} is no state: nothing tells old from new.")

    @property
    def contract(self) -> Contract:
        """The contract of its event."""
        return contract_of(self.event)

    def queue_of(self, consumer: str) -> str:
        """Where this consumer hears such events."""
        return private_queue(consumer) if self.contract.private else events_queue(consumer)

    def may_be_told(self, consumer: str) -> bool:
        """Whether the contract lets this consumer hear it."""
        return not self.contract.private or consumer in self.contract.listeners


class Snapshot:
    """Tells the present ``states`` of one service, ``per_second`` events at most."""

    def __init__(
        self,
        database: Database,
        broker: Broker,
        states: Sequence[State],
        *,
        per_second: int = PER_SECOND,
        stop: threading.Event | None = None,
    ) -> None:
        """``stop``, once set, ends it after the events under way."""
        self._database = database
        self._broker = broker
        self._states = states
        self._per_second = per_second
        self._stop = stop or threading.Event()

    def tell(self, consumer: str) -> Iterator[tuple[str, int]]:
        """Tell everything to ``consumer``; after each page the event's name and how many it was.

        Raises:
            SnapshotStopped: the consumer's queue is not there, or took nothing for a while.
            BrokerUnavailable: the broker cannot be reached.
        """
        pace = _Pace(self._per_second, self._stop)
        with closing(self._broker.publisher()) as publisher:
            for state in self._states:
                for events in self._pages(state):
                    if self._stop.is_set():
                        return
                    messages = [self._message(one, state.queue_of(consumer)) for one in events]
                    self._put(publisher, messages)
                    yield state.contract.name, len(events)
                    pace.after(len(events))

    def _pages(self, state: State) -> Iterator[Sequence[Event]]:
        """Each page in a transaction of its own: none stays open while the consumer is told."""
        after = ""
        while True:
            with self._database.read() as connection:
                events = state.page(connection, after, min(PAGE, self._per_second))
            if not events:
                return
            yield events
            after = aggregate_id(events[-1])

    def _message(self, told: Event, queue: str) -> Message:
        contract = contract_of(told)
        event_id = MARK + new_id()
        envelope = Envelope(
            id=event_id,
            source=f"/jishi/{contract.by}",
            type=contract.name,
            version=contract.version,
            subject=aggregate_id(told),
            sequence=0,
            time=self._database.clock.now(),
            correlation_id=event_id,
        )
        return Message("", envelope, encode(told), queue=queue)

    def _put(self, publisher: Publisher, messages: Sequence[Message]) -> None:
        """Put all into the queue; what got no yes is sent again, with the same id."""
        left = list(messages)
        for _ in range(TRIES):
            fates = publisher.send(left)
            if Fate.UNROUTABLE in fates:
                raise SnapshotStopped(f"There is no queue {left[0].queue}; apply the topology.")
            answered = zip(left, fates, strict=True)
            left = [message for message, fate in answered if fate is not Fate.CONFIRMED]
            if not left:
                return
            self._stop.wait(PAUSE_S)
        raise SnapshotStopped(f"The queue {left[0].queue} takes nothing now; begin again later.")


class _Pace:
    """Waits as long as it takes not to be faster than so many a second."""

    def __init__(self, per_second: int, stop: threading.Event) -> None:
        self._per_second = per_second
        self._stop = stop
        self._next_at = time.monotonic()

    def after(self, count: int) -> None:
        self._next_at = max(self._next_at, time.monotonic()) + count / self._per_second
        self._stop.wait(max(0.0, self._next_at - time.monotonic()))
