"""Tables stay small, and nothing is forgotten that could still come again."""

from datetime import timedelta

import sqlalchemy as sa

from libs.events.tests.conftest import Bakery, LoafBaked, LoafOrdered, bake, times_baked
from shop_events import Money
from shop_events.tables import inbox, outbox
from shop_events.tidy import INBOX_KEEPS, SENT_ROWS_KEEP, Tidy
from shop_events.topology import LADDER, LOG_KEEPS, PRIVATE_DEAD_KEEPS


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


def test_what_was_never_sent_is_kept_however_old(bakery: Bakery) -> None:
    with bakery.database.begin(publishes={LoafBaked}) as tx:
        bake(tx, "rye")
    bakery.clock.advance(timedelta(days=400))

    assert Tidy(bakery.database).now() == 0
    assert count(bakery, outbox) == 1


def test_row_11_the_inbox_remembers_longer_than_any_event_can_come_again() -> None:
    longest_ladder = sum(LADDER, timedelta())

    assert longest_ladder + LOG_KEEPS + PRIVATE_DEAD_KEEPS < INBOX_KEEPS
