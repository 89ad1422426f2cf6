"""Several services, one broker, one thread: nothing moves until the test says so.

    town.hears(PaymentConfirmed(...))
    town.drain()
    assert town.said(OrderConfirmed) == [OrderConfirmed(...)]

Events go through the real outbox, codec, broker and inbox. A handler's exception is raised in the
test that caused it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import select

from shop_events.broker import Broker, Fate, Message
from shop_events.clock import ManualClock
from shop_events.contract import Event, aggregate_id, contract_of
from shop_events.envelope import Envelope
from shop_events.ids import new_id
from shop_events.tables import outbox
from shop_events.topology import exchange_for
from shop_events.wire import decode, encode
from shop_events.worker import Worker

E = TypeVar("E", bound=Event)


class NeverQuiet(AssertionError):
    """The services go on and on: two are answering each other for ever."""


class Harness:
    """``workers`` on ``broker``, moved by hand; ``clock`` is the one they were made with."""

    def __init__(self, workers: Sequence[Worker], broker: Broker, clock: ManualClock) -> None:
        self.workers = list(workers)
        self.clock = clock
        self._publisher = broker.publisher()
        self._heard: dict[tuple[str, str], int] = {}

    def hears(
        self, happened: Event, *, event_id: str | None = None, sequence: int | None = None
    ) -> str:
        """Publish an event of a service that is not here; returns its id.

        Raises:
            AssertionError: the broker did not confirm it.
        """
        message = envelop(
            happened,
            event_id=event_id or new_id(),
            sequence=sequence or self._next(happened),
            clock=self.clock,
        )
        (fate,) = self._publisher.send([message])
        if fate is not Fate.CONFIRMED:
            raise AssertionError(f"The broker answered {fate} to {message.routing_key}.")
        return message.envelope.id

    def drain(self, *, at_most: int = 10_000) -> int:
        """Send and handle every waiting event, and those they lead to; returns how many.

        Deadlines that are due by the clock fire too.

        Raises:
            NeverQuiet: still busy after ``at_most`` steps.
        """
        done = 0
        while (moved := sum(worker.step() for worker in self.workers)) > 0:
            done += moved
            if done > at_most:
                raise NeverQuiet(f"Still busy after {done} deliveries.")
        return done

    def advance(self, by: timedelta) -> None:
        """Let time pass, and everything happen that is due then."""
        self.clock.advance(by)
        self.drain()

    def said(self, wanted: type[E], *, by: str | None = None) -> list[E]:
        """Every event of this contract in the services' outboxes, in order.

        The payload of a private event is erased once it is confirmed; such events are left out.
        """
        contract = contract_of(wanted)
        found: list[E] = []
        for worker in self.workers:
            if by in (None, worker.service):
                query = (
                    select(outbox.c.payload, outbox.c.version)
                    .where(outbox.c.type == contract.name, outbox.c.payload.is_not(None))
                    .order_by(outbox.c.position)
                )
                with worker.database.read() as connection:
                    rows = connection.execute(query).all()
                found += [decode(wanted, row.version, row.payload.encode()) for row in rows]
        return found

    def story(self) -> list[str]:
        """The names of all events said, as they happened."""
        told: list[tuple[str, str]] = []
        for worker in self.workers:
            with worker.database.read() as connection:
                rows = connection.execute(select(outbox.c.id, outbox.c.type)).all()
            told += [(row.id, row.type) for row in rows]
        return [name for _, name in sorted(told)]  # ids sort by time (UUIDv7)

    def _next(self, happened: Event) -> int:
        about = (contract_of(happened).aggregate, aggregate_id(happened))
        self._heard[about] = self._heard.get(about, 0) + 1
        return self._heard[about]


def envelop(happened: Event, *, event_id: str, sequence: int, clock: ManualClock) -> Message:
    """An event as its producer's relay would send it."""
    contract = contract_of(happened)
    envelope = Envelope(
        id=event_id,
        source=f"/jishi/{contract.by}",
        type=contract.name,
        version=contract.version,
        subject=aggregate_id(happened),
        sequence=sequence,
        time=clock.now(),
        correlation_id=event_id,
    )
    return Message(exchange_for(contract), envelope, encode(happened))
