"""`shop audit`: all proofs about one town."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import logistics_service.audit
import order_service.audit
import payment_service.audit
from chassis.service import Service
from payment_service.outside.pretend_bank import PretendBank
from payment_service.outside.pretend_stripe import PretendStripe
from shop_events import Broker, Clock, Database, SystemClock
from shop_events.local_broker import LocalBroker
from shop_suite import settings
from shop_suite.audit.books import Books
from shop_suite.audit.events import EventAudit
from shop_suite.services import load_services


class TownAudit:
    """What can be proved about a town from its databases, its broker and its pretend banks."""

    def __init__(
        self,
        services: tuple[Service, ...],
        databases: Mapping[str, Database],
        broker: Broker | None,
        folder: Path,
    ) -> None:
        self.events = EventAudit(services, databases, broker)
        self.books = Books(databases)
        self.databases = databases
        self._banks = (
            PretendBank(folder / settings.BANK),
            PretendStripe(folder / settings.STRIPE, pages=""),
        )

    def problems(self, *, finished: bool = False) -> Iterator[str]:
        """A sentence for each counter-example. Ask when it is quiet.

        ``finished``: every order must have come to its end, too (I5).
        """
        yield from self.events.problems()
        yield from self.books.problems()
        yield from self._of_services()
        if finished:
            yield from self.books.unfinished()

    def close(self) -> None:
        """Let go of the databases."""
        for database in self.databases.values():
            database.close()

    def _of_services(self) -> Iterator[str]:
        order = self.databases["order"]
        with order.read() as connection:
            yield from order_service.audit.problems(connection, now=order.clock.now())
        yield from payment_service.audit.counter_examples(self.databases["payment"], *self._banks)
        yield from logistics_service.audit.counter_examples(self.databases["logistics"])


def audit_folder(
    folder: Path, *, clock: Clock | None = None, finished: bool = False
) -> Iterator[str]:
    """The counter-examples of an embedded town that is not running; see `TownAudit.problems`.

    Raises:
        BrokerUnavailable: it is running: another process holds its broker.
    """
    services = load_services()
    clock = clock or SystemClock()
    databases = {
        one.name: Database(settings.sqlite_url(folder, one.name), service=one.name, clock=clock)
        for one in services
    }
    broker = LocalBroker(folder / "broker.db", clock=clock)
    try:
        yield from TownAudit(services, databases, broker, folder).problems(finished=finished)
    finally:
        broker.close()
        for database in databases.values():
            database.close()
