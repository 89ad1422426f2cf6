"""A service on its bench does what it would do in the shop."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from chassis.settings import Env, Secret
from chassis.testing import ISSUER_KEY, Bench, shopper
from chassis.testing.databases import fresh_database
from chassis.tokens import key_set_of
from libs.chassis.tests.kiosk.contracts import DeliveryArrived, SaleForgotten, SaleMade
from libs.chassis.tests.kiosk.service import PRICE, Radio, service
from shop_events.tables import outbox


def test_what_is_asked_over_http_is_said_in_the_outbox(bench: Bench) -> None:
    sold = bench.client(shopper("ann")).post("/sales", {"mugs": 2})

    assert sold.status_code == 201, sold.text
    sale_id = sold.get_json()["id"]
    assert bench.said(SaleMade) == [SaleMade(sale_id=sale_id, buyer="ann", mugs=2, total=PRICE * 2)]


def test_an_event_heard_twice_has_its_effect_once(bench: Bench) -> None:
    arrived = DeliveryArrived(delivery_id="d1", mugs=5)

    bench.hears(arrived, event_id="e1")
    bench.hears(arrived, event_id="e1")

    assert bench.client(shopper()).post("/sales", {"mugs": 16}).get_json()["left"] == 15


def test_what_a_handler_raises_is_raised_in_the_test(bench: Bench) -> None:
    with pytest.raises(ValueError, match="d2 takes mugs away"):
        bench.hears(DeliveryArrived(delivery_id="d2", mugs=-1))


def test_a_deadline_fires_when_its_time_has_come_and_not_before(bench: Bench) -> None:
    sale_id = bench.client(shopper()).post("/sales", {"mugs": 1}).get_json()["id"]

    bench.advance(599)
    assert bench.said(SaleForgotten) == []

    bench.advance(1)
    assert bench.said(SaleForgotten) == [SaleForgotten(sale_id=sale_id)]
    assert bench.events() == ["kiosk_sale.made", "kiosk_sale.forgotten"]


def test_chores_are_done_until_there_is_nothing_to_do(bench: Bench) -> None:
    assert bench.do_chores() == 3
    assert bench.runtime.outside_as(Radio).played == [1, 2, 3]


def test_the_settings_are_found_after_the_connections_were_forgotten(bench: Bench) -> None:
    """A worker forgets them when its PostgreSQL became read-only; its handlers go on."""
    bench.database.forget_connections()

    assert bench.client(shopper()).post("/sales", {"mugs": 1}).status_code == 201


@pytest.mark.parametrize("what_was_done", ["a sale", "a table dropped", "a column added"])
def test_the_next_bench_finds_nothing_of_the_last(
    what_was_done: str, request: pytest.FixtureRequest, postgres: object
) -> None:
    """Rows, sequences and tables are as the migrations left them."""
    given = SimpleNamespace(
        param="postgresql", getfixturevalue=request.getfixturevalue, node=request.node
    )
    with fresh_database(service, given) as url:
        before = look(url, what_was_done)
    with fresh_database(service, given) as url:
        assert look(url, what_was_done) == before == ["kiosk_sale.made"], what_was_done


def look(url: str, then: str) -> list[str]:
    """Sell a mug in this database, and do that to it; what was said there."""
    settings = service.settings(
        database_url=Secret(url), env=Env.DEV, token_keys=key_set_of(ISSUER_KEY)
    )
    bench = Bench(service, settings)
    assert bench.client(shopper()).post("/sales", {"mugs": 1}).status_code == 201
    said = bench.events()
    with bench.database.begin() as tx:
        positions = tx.connection.execute(sa.select(outbox.c.position)).scalars().all()
        assert positions == [1]
        if then == "a table dropped":
            tx.connection.exec_driver_sql("DROP TABLE sales")
        if then == "a column added":
            tx.connection.exec_driver_sql("ALTER TABLE sales ADD COLUMN colour text")
    bench.close()
    return said
