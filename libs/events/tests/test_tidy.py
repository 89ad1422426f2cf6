"""Tables stay small, and nothing is forgotten that could still come again."""

from datetime import timedelta

import sqlalchemy as sa

from libs.events.tests.conftest import Bakery, LoafBaked, LoafOrdered, bake, times_baked
from shop_events import ManualClock, Money
from shop_events.tables import inbox, outbox
from shop_events.tidy import INBOX_KEEPS, SENT_ROWS_KEEP, SWEPT_AT_ONCE, Tidy
from shop_events.topology import EVENTS, LADDER, LOG_KEEPS, PRIVATE_DEAD_KEEPS
from tests.support import eventually


def count(bakery: Bakery, table: sa.Table) -> int:
    with bakery.database.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_what_was_sent_a_week_ago_and_handled_long_ago_is_forgotten(bakery: Bakery) -> None:
    town = bakery.harness()
    town.hears(LoafOrdered(loaf_id="rye", price=Money(500, "EUR")))
    town.drain()
    tidy = Tidy(bakery.database)

    bakery.clock.advance(SENT_ROWS_KEEP - timedelta(seconds=1))
    assert tidy.now() == 0
    bakery.clock.advance(timedelta(seconds=2))
    assert tidy.now() == 1
    bakery.clock.advance(INBOX_KEEPS)
    assert tidy.now() == 1

    assert (count(bakery, outbox), count(bakery, inbox)) == (0, 0)
    assert times_baked(bakery.database) == {"rye": 1}


def test_a_long_neglected_table_is_swept_in_bounded_parts(bakery: Bakery) -> None:
    """One statement for all of it would end at its time limit, and every later one too."""
    rows = [sent_long_ago(number) for number in range(SWEPT_AT_ONCE + 500)]
    known = [
        {"consumer": "bakery", "event_id": row["id"], "type": "t", "handled_at": row["sent_at"]}
        for row in rows
    ]
    with bakery.database.begin() as tx:
        tx.connection.execute(sa.insert(outbox), rows)
        tx.connection.execute(sa.insert(inbox), known)
    bakery.clock.advance(INBOX_KEEPS + timedelta(days=1))
    tidy = Tidy(bakery.database)

    assert tidy.now_and_then() == 2 * SWEPT_AT_ONCE
    eventually(lambda: tidy.now_and_then() == 1_000, within_s=10)
    assert (count(bakery, outbox), count(bakery, inbox)) == (0, 0)


def sent_long_ago(number: int) -> dict[str, object]:
    at = ManualClock().now()
    return {
        "id": f"e{number}",
        "aggregatetype": "loaf",
        "aggregateid": f"loaf-{number}",
        "type": "loaf.baked",
        "version": 1,
        "sequence": 1,
        "exchange": EVENTS,
        "payload": "{}",
        "correlation_id": "c",
        "created_at": at,
        "sent_at": at,
    }


def test_what_was_never_sent_is_kept_however_old(bakery: Bakery) -> None:
    with bakery.database.begin(publishes={LoafBaked}) as tx:
        bake(tx, "rye")
    bakery.clock.advance(timedelta(days=400))

    assert Tidy(bakery.database).now() == 0
    assert count(bakery, outbox) == 1


def test_row_11_the_inbox_remembers_longer_than_any_event_can_come_again() -> None:
    longest_ladder = sum(LADDER, timedelta())

    assert longest_ladder + LOG_KEEPS + PRIVATE_DEAD_KEEPS < INBOX_KEEPS
