"""A new or lost copy is told what is so at present, while everything goes on (CATALOGUE, new
subscribers): a shelf of loaves, and a cafe that keeps a copy of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from shop_events import Database, Event, ManualClock, Subscriptions, Tx, Worker, event
from shop_events.amqp import AmqpBroker
from shop_events.broker import Broker
from shop_events.contract import Contracts, Kind
from shop_events.local_broker import LocalBroker
from shop_events.schema import create_event_tables
from shop_events.snapshot import MARK, NotAState, Snapshot, SnapshotStopped, State
from shop_events.sql import on_conflict
from shop_events.tables import inbox
from shop_events.testing.harness import Harness
from shop_events.topology import ground
from tests.support import eventually

KNOWN = Contracts()


@event("shelf.changed", version=1, by="bakery", key="shelf_id", kind=Kind.STATE, known=KNOWN)
class ShelfChanged(Event):
    """How many loaves lie on a shelf."""

    shelf_id: str
    loaves: int
    version: int


@event("shelf.broken", version=1, by="bakery", key="shelf_id", known=KNOWN)
class ShelfBroken(Event):
    """A shelf fell down."""

    shelf_id: str


@event(
    "baker.moved",
    version=1,
    by="bakery",
    key="baker_id",
    kind=Kind.PRIVATE,
    listeners=("cafe",),
    known=KNOWN,
)
class BakerMoved(Event):
    """Where a baker lives. Names a person."""

    baker_id: str
    address: str
    version: int


metadata = sa.MetaData()
shelves = sa.Table(
    "shelves",
    metadata,
    sa.Column("shelf_id", sa.String(36), primary_key=True),
    sa.Column("loaves", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)


def present_shelves(connection: sa.Connection, after: str, at_most: int) -> Sequence[Event]:
    """A page of the bakery's shelves."""
    query = sa.select(shelves).where(shelves.c.shelf_id > after)
    rows = connection.execute(query.order_by(shelves.c.shelf_id).limit(at_most))
    return [
        ShelfChanged(shelf_id=row.shelf_id, loaves=row.loaves, version=row.version) for row in rows
    ]


def put(tx: Tx, shelf_id: str, loaves: int, version: int) -> None:
    """Keep a shelf, unless a newer one is known."""

    def newer(row):
        new = {"loaves": row.excluded.loaves, "version": row.excluded.version}
        return row.on_conflict_do_update(
            index_elements=["shelf_id"], set_=new, where=shelves.c.version < row.excluded.version
        )

    values = {"shelf_id": shelf_id, "loaves": loaves, "version": version}
    tx.connection.execute(on_conflict(tx.connection, shelves, newer), values)


class Town:
    """The bakery with its shelves, and the cafe that was just opened beside it."""

    def __init__(self, folder: Path, broker: Broker, clock: ManualClock) -> None:
        self.bakery = opened(folder, "bakery", clock)
        self.cafe = opened(folder, "cafe", clock)
        self.broker = broker
        hears = Subscriptions("cafe")

        @hears.on(ShelfChanged)
        def keep(event: ShelfChanged, tx: Tx) -> None:
            put(tx, event.shelf_id, event.loaves, event.version)

        @hears.on(BakerMoved)
        def know(event: BakerMoved, tx: Tx) -> None:
            put(tx, event.baker_id, 0, event.version)

        broker.apply(ground() | hears.topology() | Subscriptions("rival").topology())
        self.harness = Harness([Worker(self.cafe, broker, hears, strict=True)], broker, clock)

    def bakes(self, count: int, *, version: int = 1) -> None:
        """So many shelves of as many loaves as their version."""
        with self.bakery.begin() as tx:
            for number in range(count):
                put(tx, f"s-{number:03}", version, version)

    def tells(self, *states: State, per_second: int = 10_000, **options) -> int:
        """The cafe is told all of it; how much that was."""
        told = states or (State(ShelfChanged, present_shelves),)
        snapshot = Snapshot(self.bakery, self.broker, told, per_second=per_second, **options)
        return sum(count for _, count in snapshot.tell("cafe"))

    def known(self) -> dict[str, int]:
        """What the cafe knows, once it has heard everything."""
        self.harness.drain()
        with self.cafe.read() as connection:
            return {row.shelf_id: row.loaves for row in connection.execute(sa.select(shelves))}

    def close(self) -> None:
        self.bakery.close()
        self.cafe.close()


def opened(folder: Path, service: str, clock: ManualClock) -> Database:
    database = Database(f"sqlite:///{folder / service}.db", service=service, clock=clock)
    with database.engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        create_event_tables(op)
        metadata.create_all(connection)
    return database


@pytest.fixture(params=["local", pytest.param("rabbitmq", marks=pytest.mark.servers)])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    clock = ManualClock()
    broker: Broker
    if request.param == "local":
        broker = LocalBroker(tmp_path / "broker.db", clock=clock)
    else:
        broker = AmqpBroker(request.getfixturevalue("rabbit").create_vhost())
    town = Town(tmp_path, broker, clock)
    yield town
    town.close()
    broker.close()


def test_a_new_copy_is_told_everything_that_is_so(town: Town) -> None:
    town.bakes(250)

    assert town.tells() == 250

    assert_heard(town, 250)
    assert set(town.known().values()) == {1}


def assert_heard(town: Town, count: int) -> None:
    """Drained until so many arrived: RabbitMQ takes its time between a yes and a delivery."""
    eventually(lambda: len(town.known()) >= count)


def test_what_is_told_reaches_neither_others_nor_the_log(town: Town) -> None:
    town.bakes(3)

    town.tells()

    assert town.broker.depth("rival.events.v1") == 0
    assert list(town.broker.read_log()) == []


def test_a_copy_that_heard_something_newer_keeps_it(town: Town) -> None:
    town.bakes(3)
    town.harness.hears(ShelfChanged(shelf_id="s-001", loaves=7, version=9))
    assert_heard(town, 1)

    town.tells()

    assert_heard(town, 3)
    assert town.known() == {"s-000": 1, "s-001": 7, "s-002": 1}


def test_what_changes_after_it_was_told_is_kept(town: Town) -> None:
    town.bakes(2)
    town.tells()
    town.harness.hears(ShelfChanged(shelf_id="s-000", loaves=5, version=2))

    assert_heard(town, 2)
    eventually(lambda: town.known()["s-000"] == 5)
    assert town.known() == {"s-000": 5, "s-001": 1}


def test_it_may_be_stopped_and_begun_again(tmp_path: Path) -> None:
    town = Town(tmp_path, LocalBroker(tmp_path / "broker.db"), ManualClock())
    town.bakes(30)
    stop = threading.Event()
    told = Snapshot(
        town.bakery,
        town.broker,
        (State(ShelfChanged, present_shelves),),
        per_second=10,
        stop=stop,
    ).tell("cafe")
    assert next(told) == ("shelf.changed", 10)
    stop.set()
    assert list(told) == []
    assert len(town.known()) == 10

    town.tells()

    assert len(town.known()) == 30
    with town.cafe.read() as connection:
        ids = connection.execute(sa.select(inbox.c.event_id)).scalars().all()
    assert len(ids) == len(set(ids)) == 40
    assert all(one.startswith(MARK) for one in ids)
    town.close()
    town.broker.close()


def test_it_is_no_faster_than_it_was_told_to_be(tmp_path: Path) -> None:
    town = Town(tmp_path, LocalBroker(tmp_path / "broker.db"), ManualClock())
    town.bakes(20)
    began = time.monotonic()

    town.tells(per_second=40)

    assert time.monotonic() - began >= 0.5
    town.close()
    town.broker.close()


def test_a_private_state_goes_into_the_private_queue_of_a_listener(town: Town) -> None:
    def bakers(_connection: sa.Connection, after: str, _at_most: int) -> Sequence[Event]:
        one = BakerMoved(baker_id="b-1", address="1 Lilac Road", version=3)
        return [] if after else [one]

    private = State(BakerMoved, bakers)
    assert private.may_be_told("cafe")
    assert not private.may_be_told("rival")

    town.tells(private)

    assert town.broker.depth("cafe.events.v1") == 0
    assert_heard(town, 1)


def test_a_consumer_without_a_queue_is_told_nothing(town: Town) -> None:
    town.bakes(1)
    snapshot = Snapshot(town.bakery, town.broker, (State(ShelfChanged, present_shelves),))

    with pytest.raises(SnapshotStopped, match=r"no queue nobody\.events\.v1"):
        list(snapshot.tell("nobody"))


def test_a_fact_is_no_state() -> None:
    with pytest.raises(NotAState, match=r"shelf\.broken"):
        State(ShelfBroken, present_shelves)
