"""The town in one process, and what is known about the purchases it replays."""

from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import Client

from shop_events import BrokerUnavailable, ManualClock
from shop_events.values import Money, total
from shop_suite import keys
from shop_suite.embedded import Embedded, Served
from shop_suite.purchases import Fate, read_purchases
from shop_suite.replay import expected
from shop_suite.road import Road, Wanted


def test_whoever_opens_the_towns_address_is_told_its_doors(tmp_path: Path) -> None:
    town = Embedded(tmp_path, clock=ManualClock())
    try:
        answer = Client(town.wsgi).get("/")
    finally:
        town.stop()

    assert answer.status_code == 200
    assert "/api/v1/orders/{order_id}/cancel" in answer.text


def test_a_town_that_is_open_already_is_not_opened_again(tmp_path: Path) -> None:
    town = Embedded(tmp_path, clock=ManualClock())
    try:
        with pytest.raises(BrokerUnavailable):
            Embedded(tmp_path, clock=ManualClock())
    finally:
        town.stop()


def test_a_town_goes_on_where_it_was_closed(tmp_path: Path) -> None:
    clock = ManualClock()
    first = Embedded(tmp_path, clock=clock)
    with Served(first.wsgi) as served:
        road = Road(key=first.key, clock=clock, address=lambda _path: served.url)
        road.receive_stock("mug", "m-1", 1)
        line = Wanted(
            sku_id="mug", merchant_id="m-1", quantity=1, unit_price=Money.of("39.90", "CNY")
        )
        quote = road.quote("ann", [line])
        placed = road.caller(keys.shopper("ann")).post(
            "/orders", {"quote_id": quote, "payment_method": "card"}
        )
    first.stop()

    second = Embedded(tmp_path, clock=clock)
    second.start()
    try:
        with Served(second.wsgi) as served:
            road = Road(key=second.key, clock=clock, address=lambda _path: served.url)
            seen = road.settled("ann", placed["id"], lambda order: order["status"] != "placed")
    finally:
        second.stop()

    assert placed["status"] == "placed"
    assert seen["status"] == "awaiting_payment"


def test_the_key_of_a_town_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    made = keys.key_in(tmp_path)

    assert keys.key_in(tmp_path).public() == made.public()
    assert (tmp_path / keys.FILE).stat().st_mode & 0o077 == 0


def test_the_file_has_the_purchases_that_are_known_of_it() -> None:
    purchases = read_purchases()

    assert len(purchases) == 69_659
    assert len({one.customer for one in purchases}) == 23_570
    assert total((one.amount for one in purchases), "USD") == Money.of("2500315.63", "USD")
    assert max(purchases, key=lambda one: one.day).day - purchases[0].day == timedelta(days=545)


def test_a_purchase_costs_to_the_cent_what_the_file_says() -> None:
    for one in read_purchases(5_000):
        assert one.unit_price * one.quantity - one.discount == one.amount
        assert one.discount.minor < one.quantity


def test_the_fates_of_purchases_are_the_same_every_time_and_all_of_them_happen() -> None:
    fates = [one.fate for one in read_purchases(2_000)]

    assert fates == [one.fate for one in read_purchases(2_000)]
    assert set(fates) == set(Fate)


def test_what_must_come_out_of_a_replay_is_what_the_file_holds_less_what_came_to_nothing() -> None:
    purchases = read_purchases(2_000)
    sums = expected(purchases)
    never = sum(
        one.amount.minor
        for one in purchases
        if one.fate in (Fate.NEVER_PAID, Fate.CANCELLED_EARLY, Fate.CASH_REFUSED)
    )

    assert sums.captured + sums.cash + never == sum(one.amount.minor for one in purchases)
