"""A bakery: a service small enough to be read, on either database, with the local broker."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from shop_events import Database, Event, ManualClock, Money, Subscriptions, Tx, Worker, event
from shop_events.broker import Broker, Intake
from shop_events.contract import Contracts, Kind
from shop_events.local_broker import LocalBroker
from shop_events.schema import create_event_tables
from shop_events.testing.harness import Harness
from shop_events.topology import ground

KNOWN = Contracts()


@event("loaf.ordered", version=1, by="cafe", key="loaf_id", known=KNOWN)
class LoafOrdered(Event):
    """The cafe wants a loaf."""

    loaf_id: str
    price: Money


@event("loaf.baked", version=1, by="bakery", key="loaf_id", known=KNOWN)
class LoafBaked(Event):
    """The loaf is out of the oven."""

    loaf_id: str


@event("loaf.burnt", version=1, by="bakery", key="loaf_id", known=KNOWN)
class LoafBurnt(Event):
    """Nobody took it out in time."""

    loaf_id: str


@event(
    "loaf.addressed",
    version=1,
    by="bakery",
    key="loaf_id",
    kind=Kind.PRIVATE,
    listeners=("cafe",),
    known=KNOWN,
)
class LoafAddressed(Event):
    """Who gets it. Names a person."""

    loaf_id: str
    person: str


metadata = sa.MetaData()
loaves = sa.Table(
    "loaves",
    metadata,
    sa.Column("loaf_id", sa.String(36), primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
)


def bake(tx: Tx, loaf_id: str) -> None:
    """Count how often this loaf was baked, and say that it was."""
    again = sa.update(loaves).where(loaves.c.loaf_id == loaf_id).values(times=loaves.c.times + 1)
    if not tx.connection.execute(again).rowcount:
        tx.connection.execute(sa.insert(loaves).values(loaf_id=loaf_id, times=1))
    tx.publish(LoafBaked(loaf_id=loaf_id))


def times_baked(database: Database) -> dict[str, int]:
    """How often each loaf was baked."""
    with database.read() as connection:
        rows = connection.execute(sa.select(loaves)).all()
    return {row.loaf_id: row.times for row in rows}


def migrate(database: Database) -> None:
    """The bakery's tables."""
    with database.engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        create_event_tables(op)
        op.create_table(
            "loaves",
            sa.Column("loaf_id", sa.String(36), primary_key=True),
            sa.Column("times", sa.Integer, nullable=False),
        )


@dataclass
class Bakery:
    """The bakery with everything around it."""

    database: Database
    broker: Broker
    clock: ManualClock
    subscriptions: Subscriptions

    def worker(
        self, *, strict: bool = True, change_intake: Callable[[Intake], Intake] | None = None
    ) -> Worker:
        """Its background side."""
        return Worker(
            self.database,
            self.broker,
            self.subscriptions,
            strict=strict,
            change_intake=change_intake or (lambda intake: intake),
        )

    def harness(self, *, strict: bool = True) -> Harness:
        """Moved by hand."""
        return Harness([self.worker(strict=strict)], self.broker, self.clock)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bakery.db"
    return str(request.getfixturevalue("postgres").create_database("bakery"))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def database(database_url: str, clock: ManualClock) -> Iterator[Database]:
    made = Database(database_url, service="bakery", clock=clock)
    migrate(made)
    yield made
    made.close()


@pytest.fixture
def broker(tmp_path: Path, clock: ManualClock) -> Iterator[LocalBroker]:
    made = LocalBroker(tmp_path / "broker.db", clock=clock)
    made.apply(ground())
    yield made
    made.close()


@pytest.fixture
def subscriptions() -> Subscriptions:
    """The bakery bakes what the cafe orders; a loaf left in the oven for an hour burns."""
    made = Subscriptions("bakery")

    @made.on(LoafOrdered, publishes=(LoafBaked,))
    def bake_when_ordered(event: LoafOrdered, tx: Tx) -> None:
        bake(tx, event.loaf_id)

    @made.at("bakery.oven", publishes=(LoafBurnt,))
    def burn(loaf_id: str, tx: Tx) -> None:
        tx.publish(LoafBurnt(loaf_id=loaf_id))

    return made


@pytest.fixture
def bakery(
    database: Database, broker: LocalBroker, clock: ManualClock, subscriptions: Subscriptions
) -> Bakery:
    broker.apply(subscriptions.topology())
    return Bakery(database, broker, clock, subscriptions)
