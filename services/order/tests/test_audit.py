"""The auditor says nothing of an order that is in order, and finds each thing that is not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from order_service.store import tables as t
from order_service.testing import Shop, a_mug, a_teapot, cny
from shop_events.tables import deadlines


def test_it_has_nothing_to_say_of_orders_at_any_stage(shop: Shop) -> None:
    shop.places(a_mug())
    shop.reserves(shop.places(a_mug()))
    shop.cancels(shop.places(a_mug()))
    shop.cancels(shop.confirms(a_mug()))
    shop.delivers(shop.confirms(a_mug(), method="cash_on_delivery"), "p-1", {"1": 1})
    done = shop.confirms(a_mug(2))
    shop.delivers(done, "p-2", {"1": 1})
    shop.receives(done)
    shop.keeps(done, "f-1", {"1": 1})

    assert shop.problems() == []


def test_it_tells_each_order_in_plain_values(shop: Shop) -> None:
    order_id = shop.confirms(a_mug(3), a_teapot(), shipping="5.00")
    shop.pays(order_id, "pay-again", amount=cny("1.00"))
    shop.keeps(order_id, "f-1", {"1": 2})
    shop.pays_all_back()
    shop.refuses(order_id, "p-1", {"2": 1})

    told = shop.facts(order_id)

    assert (told.track, told.total, told.on_delivery) == ("confirmed", cny("152.70"), False)
    assert told.expected == {f"pay-{order_id}": cny("152.70")}
    assert told.unexpected == {"pay-again": cny("1.00")}
    assert list(told.refunds_done.values()) == [cny("39.80")]
    assert list(told.refunds_open.values()) == [shop.refunds()[1].amount]
    assert (told.units["1"].quantity, told.units["1"].cancelled) == (3, 2)
    assert told.units["2"].cancelled == 1


def set_track(track: str) -> Callable[[Any], Any]:
    return lambda order_id: update(t.orders).values(track=track)


def forget_deadline(order_id: str) -> Any:
    return delete(deadlines)


def double_payment(order_id: str) -> Any:
    row = {"payment_id": "p-2", "order_id": order_id, "amount": 5, "currency": "CNY"}
    return insert(t.order_payments).values(**row, expected=True)


def refund(amount: int, state: str) -> Callable[[str], Any]:
    def add(order_id: str) -> Any:
        row = {"refund_id": "r-1", "order_id": order_id, "cause": "c", "amount": amount}
        return insert(t.order_refunds).values(**row, state=state, ours=True)

    return add


def less_came_back(order_id: str) -> Any:
    row = {"refund_id": "r-1", "order_id": order_id, "cause": "c", "amount": 1, "went_back": 0}
    return insert(t.order_refunds).values(**row, state="done", ours=True)


BROKEN = [
    (set_track("awaiting_payment"), "no deadline order.pay_by"),
    (set_track("awaiting_payment"), "expected payments of"),
    (set_track("cancelling"), "no deadline order.cancellation_open"),
    (set_track("completed"), "completed, but not every unit"),
    (set_track("cancelled"), "1 expected payments of Money(39.80 CNY), and Money(0.00 CNY)"),
    (lambda _: delete(t.order_payments), "0 expected payments of Money(0.00 CNY)"),
    (double_payment, "2 expected payments"),
    (refund(1, "done"), "for units and shipping of Money(0.00 CNY)"),
    (refund(4_000, "requested"), "refunds of Money(40.00 CNY) were asked for, and Money(39.80"),
    (less_came_back, "Money(0.01 CNY) less went back than was asked for"),
    (lambda _: update(t.order_lines).values(cancelled=1, received=1), "no deadline order.return"),
]


@pytest.mark.parametrize(("breaks", "complaint"), BROKEN, ids=[words for _, words in BROKEN])
def test_it_finds_what_must_not_be(
    quick_shop: Shop, breaks: Callable[[str], Any], complaint: str
) -> None:
    order_id = quick_shop.confirms(a_mug(2))

    with quick_shop.bench.database.begin() as tx:
        tx.connection.execute(breaks(order_id))

    found = quick_shop.problems()
    assert any(complaint in one and order_id in one for one in found), found


def test_it_finds_a_cancelled_order_that_waits_for_a_refund(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug())
    quick_shop.keeps(order_id, "f-1", {"1": 1})
    assert quick_shop.problems() == []

    with quick_shop.bench.database.begin() as tx:
        tx.connection.execute(update(t.orders).values(track="cancelled"))

    assert any("it waits for a refund" in one for one in quick_shop.problems())


def test_it_finds_a_delivered_parcel_that_nobody_will_receive(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug())
    quick_shop.delivers(order_id, "p-1", {"1": 1})

    with quick_shop.bench.database.begin() as tx:
        tx.connection.execute(forget_deadline(order_id))

    assert any("no deadline order.auto_receipt for p-1" in one for one in quick_shop.problems())


def test_it_finds_a_deadline_that_was_not_kept(quick_shop: Shop) -> None:
    quick_shop.places(a_mug())

    quick_shop.bench.clock.advance(timedelta(minutes=44))
    assert quick_shop.problems() == [], "a handler that failed is tried again within minutes"

    quick_shop.bench.clock.advance(timedelta(minutes=2))
    assert any("its deadline order.pay_by" in one for one in quick_shop.problems())


def test_it_reads_more_orders_than_it_takes_at_once(quick_shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr("order_service.audit.AT_ONCE", 2)
    placed = [quick_shop.places(a_mug()) for _ in range(5)]

    assert [quick_shop.facts(order_id).order_id for order_id in placed] == placed
