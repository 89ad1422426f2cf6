"""For a team with a database, a broker and nothing else of ours: listen in ten lines.

    run(subscriptions, database_url="postgresql://…/loyalty", broker_url="amqp://…")

The tables and queues it needs are made when they are missing. Whoever may not make them has
`prepare` run at deployment, and says ``prepared=True``.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from shop_events import tables
from shop_events.amqp import AmqpBroker
from shop_events.database import Database
from shop_events.leader import LOCK_SPACE
from shop_events.schema import create_event_tables
from shop_events.subscriptions import Subscriptions
from shop_events.worker import DRAIN_S, Worker

_LOOK_EVERY_S: Final = 1.0


def prepare(subscriptions: Subscriptions, *, database_url: str, broker_url: str) -> None:
    """Make the event tables, and the service's own queues and bindings; leave what is there.

    The exchanges are the town's: they are there wherever the town runs.

    Raises:
        TopologyMissing: a queue is there with other arguments, or there is no town at this broker.
        BrokerUnavailable: the broker cannot be reached.
    """
    database = Database(database_url, service=subscriptions.service)
    try:
        create_missing_tables(database)
    finally:
        database.close()
    broker = AmqpBroker(broker_url, name=subscriptions.service)
    try:
        broker.apply(subscriptions.topology())
    finally:
        broker.close()


def run(
    subscriptions: Subscriptions,
    *,
    database_url: str,
    broker_url: str,
    prepared: bool = False,
    stop: threading.Event | None = None,
) -> int:
    """Listen, relay and keep deadlines until SIGTERM, SIGINT or ``stop``; the exit status.

    Zero: all that was in hand is finished. One: something was not, and will come again.

    Raises:
        as `prepare`, unless ``prepared``.
    """
    if not prepared:
        prepare(subscriptions, database_url=database_url, broker_url=broker_url)
    stop = stop or _told_to_stop()
    database = Database(database_url, service=subscriptions.service)
    broker = AmqpBroker(broker_url, name=subscriptions.service)
    worker = Worker(database, broker, subscriptions)
    worker.start()
    try:
        while not stop.wait(_LOOK_EVERY_S):
            if not worker.alive:
                break
    finally:
        finished = worker.stop(within_s=DRAIN_S)
        broker.close()
        database.close()
    return 0 if finished and stop.is_set() else 1


def create_missing_tables(database: Database) -> None:
    """Outbox, inbox, sequences and deadlines, unless they are there.

    A team with migrations of its own calls `shop_events.schema.create_event_tables` in the first.
    """
    with database.begin() as tx:
        if database.is_postgres:  # two that start at once: the second finds the tables made
            lock = sa.text("SELECT pg_advisory_xact_lock(:space, 1)")
            tx.connection.execute(lock, {"space": LOCK_SPACE})
        if not sa.inspect(tx.connection).has_table(tables.outbox.name):
            create_event_tables(Operations(MigrationContext.configure(tx.connection)))


def _told_to_stop() -> threading.Event:
    told = threading.Event()

    def tell(_number: int, _frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    return told
