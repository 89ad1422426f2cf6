"""The smallest two services there can be: the writer gives notices, the reader notes each once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from shop_events import Broker, Database, Event, Subscriptions, Tx, event, new_id
from shop_events.contract import Contracts
from shop_events.schema import create_event_tables
from shop_events.topology import ground
from shop_events.wire import encode

WRITER: Final = "writer"
READER: Final = "reader"
KNOWN: Final = Contracts()  # of the bench alone: nothing of it is in the catalogue
A_KILOBYTE: Final = "notice. " * 112  # with its envelope about 1 KB, as most of the shop's events

Heard = Callable[[int], None]


@event("notice.given", version=1, by=WRITER, key="notice_id", known=KNOWN)
class NoticeGiven(Event):
    """The writer has something to say; ``number`` counts what it says."""

    notice_id: str
    number: int
    text: str


notes = sa.Table("notes", sa.MetaData(), sa.Column("notice_id", sa.String(36), primary_key=True))
_NOTE: Final = sa.insert(notes)


def give(tx: Tx, number: int) -> None:
    """Say one notice."""
    tx.publish(NoticeGiven(notice_id=new_id(), number=number, text=A_KILOBYTE))


def body(notice_id: str, number: int) -> bytes:
    """One notice as it travels."""
    return encode(NoticeGiven(notice_id=notice_id, number=number, text=A_KILOBYTE))


def fill(database: Database, count: int, *, at_once: int = 250) -> None:
    """Put ``count`` notices into the outbox and ring no bell for each."""
    for first in range(0, count, at_once):
        with database.begin(publishes={NoticeGiven}) as tx:
            for number in range(first, min(first + at_once, count)):
                give(tx, number)


def reader(heard: Heard = lambda _number: None) -> Subscriptions:
    """The reader: one row for each notice, the least a real handler does."""
    subscriptions = Subscriptions(READER)

    @subscriptions.on(NoticeGiven)
    def note(given: NoticeGiven, tx: Tx) -> None:
        heard(given.number)
        tx.connection.execute(_NOTE, {"notice_id": given.notice_id})

    return subscriptions


def opened(url: str, service: str) -> Database:
    """A new database of ``service``, with its tables."""
    database = Database(url, service=service)
    with database.engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        create_event_tables(op)
        op.create_table("notes", sa.Column("notice_id", sa.String(36), primary_key=True))
    return database


def declare(broker: Broker) -> None:
    """Exchanges, the log, and the queues of both."""
    broker.apply(ground() | reader().topology() | Subscriptions(WRITER).topology())
