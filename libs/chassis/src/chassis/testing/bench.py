"""One service, alone, with a database of its own and a clock that stands still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import TypeVar

from flask import Flask
from sqlalchemy import select

from chassis.identity import Identity
from chassis.requests import EXTENSION
from chassis.runtime import Runtime
from chassis.service import Service
from chassis.settings import Env, ServiceSettings
from chassis.testing import kept
from chassis.testing.client import Client
from shop_events import Database, Event, ManualClock, contract_of, new_id
from shop_events.broker import Delivery, Failure
from shop_events.consumer import Consumer
from shop_events.contract import aggregate_id
from shop_events.deadlines import Deadlines
from shop_events.envelope import to_headers
from shop_events.tables import outbox
from shop_events.testing.harness import envelop
from shop_events.wire import decode

E = TypeVar("E", bound=Event)

# Applications that no bench uses now; each keeps its service alive, so an id is one service's.
_idle_apps: dict[tuple[int, Env], list[Flask]] = {}


class Bench:
    """A service with nothing around it: you speak to it, and look at what it says.

    An exception that nobody expected, in a route, handler or deadline, is raised in the test.
    """

    def __init__(
        self, service: Service, settings: ServiceSettings, *, outside: object = None
    ) -> None:
        self.service = service
        self.clock = ManualClock()
        database = kept.take(service, settings, self.clock)
        self.runtime = Runtime(
            service, settings, clock=self.clock, outside=outside, database=database
        )
        self._consumer = Consumer(
            self.database, service.subscriptions, _Nothing(), ladder=(), strict=True
        )
        self._deadlines = Deadlines(self.database, service.subscriptions, strict=True)
        self._heard: dict[tuple[str, str], int] = {}

    @property
    def database(self) -> Database:
        """The service's database."""
        return self.runtime.database

    @cached_property
    def app(self) -> Flask:
        """The service's web application: one that an earlier bench has left, if there is any.

        Making one takes longer than most tests do, and whatever is this bench's own it asks of
        its runtime.
        """
        idle = _idle_apps.setdefault(self._kind_of_app, [])
        app = idle.pop() if idle else self.service.flask_app(self.runtime)
        app.extensions[EXTENSION] = self.runtime
        app.config["PROPAGATE_EXCEPTIONS"] = True
        return app

    def client(self, identity: Identity | None = None) -> Client:
        """Somebody who calls; nobody in particular without ``identity``."""
        return Client(self.app, identity, self.clock)

    def hears(
        self, happened: Event, *, event_id: str | None = None, sequence: int | None = None
    ) -> str:
        """Hand an event to its handler, through envelope, codec and inbox; returns its id.

        The same ``event_id`` again is the same event again.

        Raises:
            whatever the handler raises; then nothing happened.
        """
        message = envelop(
            happened,
            event_id=event_id or new_id(),
            sequence=sequence or self._next(happened),
            clock=self.clock,
        )
        delivery = Delivery(
            queue="bench",
            routing_key=message.routing_key,
            exchange=message.exchange,
            headers=to_headers(message.envelope),
            body=message.body,
            redelivered=False,
            handle=None,
        )
        self._consumer.handle([delivery])
        return message.envelope.id

    def said(self, wanted: type[E]) -> list[E]:
        """Every event of this contract in the outbox, in order."""
        contract = contract_of(wanted)
        query = select(outbox).where(outbox.c.type == contract.name).order_by(outbox.c.position)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return [decode(wanted, row.version, row.payload.encode()) for row in rows]

    def events(self) -> list[str]:
        """The names of all events in the outbox, in order."""
        query = select(outbox.c.type).order_by(outbox.c.position)
        with self.database.read() as connection:
            return list(connection.execute(query).scalars())

    def advance(self, seconds: float) -> None:
        """Let time pass, and fire every deadline that is due then."""
        self.clock.advance(timedelta(seconds=seconds))
        while self._deadlines.step():
            pass

    def do_chores(self) -> int:
        """Do the service's chores until none finds anything to do; how much was done."""
        done = 0
        while more := sum(chore.run(self.runtime) for chore in self.service.chores):
            done += more
        return done

    def close(self) -> None:
        """Leave the database and the application to the next bench."""
        if "app" in self.__dict__:
            _idle_apps[self._kind_of_app].append(self.app)
            del self.app
        self.runtime.close()
        kept.give_back(self.database)

    @property
    def _kind_of_app(self) -> tuple[int, Env]:
        return id(self.service), self.runtime.settings.env

    def _next(self, happened: Event) -> int:
        about = (contract_of(happened).aggregate, aggregate_id(happened))
        self._heard[about] = self._heard.get(about, 0) + 1
        return self._heard[about]


class _Nothing:
    """An intake with no queue behind it: what is handed over is forgotten."""

    def receive(self, at_most: int, *, timeout_s: float) -> list[Delivery]:
        """Nothing ever comes."""
        del at_most, timeout_s
        return []

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        """Done with."""

    def retry(self, delivery: Delivery, *, after: timedelta, failure: Failure) -> None:
        """A strict consumer raises instead."""
        raise AssertionError(f"{delivery.routing_key} was to be retried after {after}: {failure}")

    def bury(self, delivery: Delivery, *, failure: Failure) -> None:
        """A strict consumer raises instead."""
        raise AssertionError(f"{delivery.routing_key} was to be buried: {failure}")

    def release(self, deliveries: Sequence[Delivery]) -> None:
        """Nothing to give back to."""

    def close(self) -> None:
        """Nothing to let go of."""
