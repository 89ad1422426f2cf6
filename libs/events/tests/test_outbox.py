"""What is said in a transaction is sent if and only if the transaction commits."""

import threading

import pytest
import sqlalchemy as sa

from libs.events.tests.conftest import (
    Bakery,
    LoafAddressed,
    LoafBaked,
    LoafBurnt,
    LoafOrdered,
    bake,
)
from shop_events import Database, Money, NotDeclared, faults
from shop_events.broker import Broker, Fate, Message
from shop_events.envelope import Envelope
from shop_events.relay import HOLD, PIECE, Relay
from shop_events.tables import outbox
from shop_events.wire import TooLarge
from tests.support import eventually


def rows(database: Database) -> list[sa.Row]:
    with database.read() as connection:
        return list(connection.execute(sa.select(outbox).order_by(outbox.c.position)).all())


def test_what_a_failed_transaction_said_was_never_said(bakery: Bakery) -> None:
    with pytest.raises(ZeroDivisionError), bakery.database.begin(publishes={LoafBaked}) as tx:
        bake(tx, "rye")
        1 / 0  # noqa: B018

    assert rows(bakery.database) == []


def test_an_entry_point_says_only_what_it_declares(bakery: Bakery) -> None:
    with bakery.database.begin(publishes={LoafBaked}) as tx, pytest.raises(NotDeclared):
        tx.publish(LoafBurnt(loaf_id="rye"))


def test_a_service_cannot_speak_for_another(bakery: Bakery) -> None:
    ordered = LoafOrdered(loaf_id="rye", price=Money(500, "EUR"))

    with bakery.database.begin(publishes={LoafOrdered}) as tx, pytest.raises(NotDeclared):
        tx.publish(ordered)


def test_an_event_larger_than_256_kib_is_refused_where_it_is_said(bakery: Bakery) -> None:
    with bakery.database.begin(publishes={LoafBaked}) as tx, pytest.raises(TooLarge):
        tx.publish(LoafBaked(loaf_id="x" * 300_000))


def test_the_events_of_one_aggregate_are_numbered_without_gaps(bakery: Bakery) -> None:
    for _ in range(3):
        with bakery.database.begin(publishes={LoafBaked}) as tx:
            bake(tx, "rye")
            bake(tx, "oat")
            bake(tx, "rye")

    numbers = [(row.aggregateid, row.sequence) for row in rows(bakery.database)]

    assert [n for loaf, n in numbers if loaf == "rye"] == [1, 2, 3, 4, 5, 6]
    assert [n for loaf, n in numbers if loaf == "oat"] == [1, 2, 3]


def test_a_rolled_back_transaction_leaves_no_gap_in_the_numbers(bakery: Bakery) -> None:
    with bakery.database.begin(publishes={LoafBaked}) as tx:
        bake(tx, "rye")
    with pytest.raises(ZeroDivisionError), bakery.database.begin(publishes={LoafBaked}) as tx:
        bake(tx, "rye")
        tx.flush()
        1 / 0  # noqa: B018
    with bakery.database.begin(publishes={LoafBaked}) as tx:
        bake(tx, "rye")

    assert [row.sequence for row in rows(bakery.database)] == [1, 2]


def test_twenty_writers_at_once_leave_no_gap_and_no_double_in_the_numbers(bakery: Bakery) -> None:
    start = threading.Barrier(20)

    def write() -> None:
        start.wait(10)
        for loaf in ("rye", "oat"):
            with bakery.database.begin(publishes={LoafBaked}) as tx:
                bake(tx, "own-" + threading.current_thread().name)
                tx.publish(LoafBaked(loaf_id=loaf))
                tx.publish(LoafBaked(loaf_id="both"))

    threads = [threading.Thread(target=write) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    said = rows(bakery.database)
    for loaf, count in (("rye", 20), ("oat", 20), ("both", 40)):
        assert [r.sequence for r in said if r.aggregateid == loaf] == list(range(1, count + 1))


def test_an_event_knows_what_led_to_it(bakery: Bakery) -> None:
    town = bakery.harness()
    cause = town.hears(LoafOrdered(loaf_id="rye", price=Money(500, "EUR")))

    town.drain()

    (row,) = rows(bakery.database)
    assert (row.causation_id, row.correlation_id) == (cause, cause)


def test_a_transaction_tells_which_event_it_handles_and_of_which_trace_it_is(
    bakery: Bakery,
) -> None:
    ordered = Envelope(
        id="e1",
        source="/jishi/counter",
        type="loaf.ordered",
        version=1,
        subject="rye",
        sequence=1,
        time=bakery.clock.now(),
        correlation_id="c1",
        traceparent=f"00-{'a' * 32}-{'b' * 16}-01",
    )

    with bakery.database.begin() as tx:
        assert tx.cause is None
        with tx.scope(publishes=(), cause=ordered):
            assert (tx.cause, tx.trace_id) == (ordered, "a" * 32)
        assert tx.cause is None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_long_transaction_that_commits_late_is_not_overtaken_for_ever(bakery: Bakery) -> None:
    """Positions become visible out of order; whoever reads only what is newer loses some."""
    relay = Relay(bakery.database, bakery.broker.publisher)
    with bakery.database.begin(publishes={LoafBaked}) as early:
        bake(early, "early")
        early.flush()
        with bakery.database.begin(publishes={LoafBaked}) as late:
            bake(late, "late")
        assert relay.step() == 1

    assert relay.step() == 1
    assert relay.backlog() == 0


def test_a_sent_private_event_keeps_no_payload(bakery: Bakery) -> None:
    from shop_events import Subscriptions, Tx

    cafe = Subscriptions("cafe")

    @cafe.on(LoafAddressed)
    def note(event: LoafAddressed, tx: Tx) -> None: ...

    bakery.broker.apply(cafe.topology())
    with bakery.database.begin(publishes={LoafAddressed}) as tx:
        tx.publish(LoafAddressed(loaf_id="rye", person="Ann"))

    Relay(bakery.database, bakery.broker.publisher).step()

    (row,) = rows(bakery.database)
    assert row.sent_at is not None
    assert row.payload is None


def test_an_event_that_no_queue_takes_waits_with_its_reason_and_holds_only_its_own(
    bakery: Bakery,
) -> None:
    with bakery.database.begin(publishes={LoafAddressed, LoafBaked}) as tx:
        tx.publish(LoafAddressed(loaf_id="rye", person="Ann"))
        tx.publish(LoafBaked(loaf_id="rye"))
        tx.publish(LoafBaked(loaf_id="oat"))
    relay = Relay(bakery.database, bakery.broker.publisher)

    relay.step()

    first, second, third = rows(bakery.database)
    assert first.sent_at is None
    assert first.why_held
    assert second.sent_at is None
    assert third.sent_at is not None


class Moody:
    """A publisher whose broker says no to the third message of every batch, once."""

    def __init__(self, broker: Broker) -> None:
        self._inner = broker.publisher()
        self._moody = True

    def send(self, messages: list[Message], *, timeout_s: float = 5.0) -> list[Fate]:
        fates = self._inner.send(messages, timeout_s=timeout_s)
        if self._moody and len(fates) > 2:
            self._moody = False
            fates[2] = Fate.REFUSED
        return fates

    def close(self) -> None:
        self._inner.close()


def test_from_the_first_refused_event_on_all_are_sent_again(bakery: Bakery) -> None:
    for loaf in ("a", "b", "c", "d"):
        with bakery.database.begin(publishes={LoafBaked}) as tx:
            bake(tx, loaf)
    relay = Relay(bakery.database, lambda: Moody(bakery.broker))

    assert relay.step() == 2
    assert relay.step() == 2
    assert relay.backlog() == 0


def test_a_long_backlog_goes_piece_by_piece_and_no_piece_overtakes_a_refused_event(
    bakery: Bakery,
) -> None:
    with bakery.database.begin(publishes={LoafBaked}) as tx:
        for number in range(PIECE + 200):
            tx.publish(LoafBaked(loaf_id=f"{number}"))
    relay = Relay(bakery.database, lambda: Moody(bakery.broker))

    assert relay.step() == 2
    assert len(list(bakery.broker.read_log())) == PIECE
    assert relay.step() == PIECE + 198
    assert relay.backlog() == 0


class Full:
    """A publisher whose broker has a full queue: it refuses whatever speaks of some loaves."""

    def __init__(self, broker: Broker, *, refused: str) -> None:
        self._inner = broker.publisher()
        self.refused = refused

    def send(self, messages: list[Message], *, timeout_s: float = 5.0) -> list[Fate]:
        return [
            Fate.REFUSED if one.envelope.subject.startswith(self.refused) else fate
            for one, fate in zip(
                messages, self._inner.send(messages, timeout_s=timeout_s), strict=True
            )
        ]

    def close(self) -> None:
        self._inner.close()


@pytest.mark.parametrize("loaves", [6, PIECE + 6], ids=["a piece", "two pieces"])
def test_row_4_a_queue_that_stays_full_holds_only_what_it_refuses(
    bakery: Bakery, loaves: int
) -> None:
    with bakery.database.begin(publishes={LoafBaked}) as tx:
        for number in range(loaves):
            bake(tx, f"{'free' if number % 3 else 'full'}-{number}")
        bake(tx, "full-0")
    full = Full(bakery.broker, refused="full")
    relay = Relay(bakery.database, lambda: full)

    for _ in range(3):
        relay.step()

    unsent = [row for row in rows(bakery.database) if row.sent_at is None]
    assert {row.aggregateid.split("-")[0] for row in unsent} == {"full"}
    assert all(row.why_held for row in unsent if row.sequence == 1)

    full.refused = "nothing"
    bakery.clock.advance(HOLD)
    relay.step()
    assert relay.backlog() == 0


def test_an_event_is_sent_again_when_the_mark_was_lost(bakery: Bakery) -> None:
    with bakery.database.begin(publishes={LoafBaked}) as tx:
        bake(tx, "rye")
    relay = Relay(bakery.database, bakery.broker.publisher)
    faults.arm("relay.after_confirm:1:raise")

    with pytest.raises(faults.Injected):
        relay.step()
    faults.arm("")

    assert relay.step() == 1
    logged = list(bakery.broker.read_log())
    assert len(logged) == 2
    assert logged[0].headers["ce-id"] == logged[1].headers["ce-id"]


def test_a_commit_wakes_the_relay_within_moments(bakery: Bakery) -> None:
    worker = bakery.worker(strict=False)
    worker.start()
    try:
        with bakery.database.begin(publishes={LoafBaked}) as tx:
            bake(tx, "rye")
        eventually(lambda: worker.relay.backlog() == 0, within_s=5)
    finally:
        assert worker.stop(within_s=10)
