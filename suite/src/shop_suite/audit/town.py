"""`shop audit`: all proofs about one town."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import account_service.audit
import aftersales_service.audit
import cart_service.audit
import catalog_service.audit
import logistics_service.audit
import notification_service.audit
import order_service.audit
import payment_service.audit
import review_service.audit
from chassis.service import Service
from payment_service.outside.pretend_bank import PretendBank
from payment_service.outside.pretend_stripe import PretendStripe
from shop_events import Broker, Clock, Database, SystemClock
from shop_events.local_broker import LocalBroker
from shop_suite import settings
from shop_suite.audit import copies
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
        yield from copies.problems(self.databases)
        yield from self._of_the_road()
        yield from self._of_the_others()
        if finished:
            yield from self.books.unfinished()

    def close(self) -> None:
        """Let go of the databases."""
        for database in self.databases.values():
            database.close()

    def _of_the_road(self) -> Iterator[str]:
        order = self.databases["order"]
        with order.read() as connection:
            yield from order_service.audit.problems(connection, now=order.clock.now())
        yield from payment_service.audit.counter_examples(self.databases["payment"], *self._banks)
        yield from logistics_service.audit.counter_examples(self.databases["logistics"])

    def _of_the_others(self) -> Iterator[str]:
        """Of those services beside the road that the town has."""
        for name, of_service in _OTHERS.items():
            if name in self.databases:
                yield from of_service(self.databases[name])


def _of_account(database: Database) -> Iterator[str]:
    with database.read() as connection:
        yield from account_service.audit.problems(connection, now=database.clock.now())


def _of_cart(database: Database) -> Iterator[str]:
    with database.read() as connection:
        yield from cart_service.audit.problems(connection, now=database.clock.now())


def _of_aftersales(database: Database) -> Iterator[str]:
    with database.read() as connection:
        yield from aftersales_service.audit.problems(connection)


def _of_review(database: Database) -> Iterator[str]:
    with database.read() as connection:
        yield from review_service.audit.problems(connection, now=database.clock.now())


_OTHERS: Final[Mapping[str, Callable[[Database], Iterator[str]]]] = {
    "account": _of_account,
    "catalog": catalog_service.audit.problems,
    "cart": _of_cart,
    "aftersales": _of_aftersales,
    "review": _of_review,
    "notification": notification_service.audit.counter_examples,
}


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
