"""A service on its bench does what it would do in the shop."""

import pytest

from chassis.testing import Bench, shopper
from libs.chassis.tests.kiosk.contracts import DeliveryArrived, SaleForgotten, SaleMade
from libs.chassis.tests.kiosk.service import PRICE, Radio


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
