"""The first real purchases, replayed on their own dates on both ways to run, to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.chaos.ways import EmbeddedWay, Way
from shop_suite.purchases import read_purchases
from shop_suite.replay import Replay, expected
from tests.support.towns import deployed_way, prove

ORDERS = 30


@pytest.fixture(params=["embedded", "deployed"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    """A town in which nothing has happened yet."""
    if request.param == "embedded":
        town: Way = EmbeddedWay(tmp_path)
    else:
        servers = (request.getfixturevalue(name) for name in ("postgres", "rabbit_of_towns"))
        town = deployed_way(tmp_path, *servers)
    yield town
    town.stop()


def test_the_first_real_purchases_come_out_as_the_file_says_to_the_cent(fresh: Way) -> None:
    purchases = read_purchases(ORDERS)
    replay = Replay(road=fresh.road(), clock=fresh.clock, people=3)
    first = purchases[0].day
    fresh.clock.set(datetime(first.year, first.month, first.day, tzinfo=UTC))

    replay.stock()
    replay.run(purchases, tell=str)
    replay.let_time_pass(lambda: wait_until_quiet(fresh.audit.events))

    prove(fresh, finished=True)
    assert fresh.audit.books.sums() == expected(purchases)
    assert fresh.close_and_look() == []
