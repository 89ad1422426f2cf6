"""`shop serve`: every service as processes of its own, on PostgreSQL and RabbitMQ, on one machine.

A web and a worker process for each service and the gateway in front, as a platform would run them;
a process that ends is started again. For trying it and for load tests: it is a development shop.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import psycopg

from shop_events import BrokerUnavailable
from shop_suite.deployed import Deployed, NotReady, Role
from shop_suite.servers import PrivatePostgres, PrivateRabbit
from shop_suite.servers.addresses import at_path, create_database
from shop_suite.services import NAMES

LOOK_EVERY_S: Final = 1.0
# A server that is not there or does not let us in, or a process that does not come up.
NOT_SERVED: Final = (psycopg.OperationalError, BrokerUnavailable, NotReady)
AGAIN_AFTER_S: Final = 5.0  # a process that ends at once is not started in a circle

Say = Callable[[str], None]


class Servers(NamedTuple):
    """Where the two servers answer: any database there, and a virtual host."""

    postgres: str
    rabbit: str


class Serving:
    """The town's processes, watched over until told to stop."""

    def __init__(
        self,
        folder: Path,
        servers: Servers,
        *,
        port: int,
        say: Say,
        services: Iterable[str] = NAMES,
    ) -> None:
        """Databases that are missing are made; all are migrated, and the queues exist then."""
        databases = {name: _database(servers.postgres, f"jishi_{name}") for name in services}
        self._say = say
        self._town = Deployed(folder, databases=databases, broker_url=servers.rabbit, port=port)
        self._started: dict[Role, float] = {}

    def run(self, stop: threading.Event, *, when_ready: Callable[[], None]) -> None:
        """Serve until ``stop`` is set; then every process finishes what it has in hand.

        Raises:
            NotReady: a process did not come up; its last words are in the message.
        """
        self._say(f"Starting {len(self._town.roles)} processes ...")
        try:
            self._town.start()
            when_ready()
            while not stop.wait(LOOK_EVERY_S):
                self._start_what_has_ended()
        finally:
            self._town.stop()

    def _start_what_has_ended(self) -> None:
        for role in self._town.roles:
            now = time.monotonic()
            if self._town.runs(role) or now - self._started.get(role, 0.0) < AGAIN_AFTER_S:
                continue
            self._say(f"{role.service} {role.kind} has ended and is started again.")
            self._started[role] = now
            self._town.start_one(role)


@contextmanager
def own_servers() -> Iterator[Servers]:
    """A PostgreSQL and a RabbitMQ of our own, thrown away afterwards with all that is in them.

    Raises:
        ServerNotInstalled: their programs are not on this machine.
    """
    with PrivatePostgres(durable=True) as postgres, PrivateRabbit() as rabbit:
        yield Servers(postgres.url, rabbit.url)


def _database(server: str, name: str) -> str:
    try:
        return create_database(server, name)
    except psycopg.errors.DuplicateDatabase:
        return at_path(server, name)
