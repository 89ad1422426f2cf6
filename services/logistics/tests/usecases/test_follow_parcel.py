from itertools import permutations

import pytest

from chassis.testing import Bench
from logistics_service.testing import LIN, TEA, AnOrder, a_line
from services.logistics.tests.town import Town
from shop_events.contracts.logistics import (
    CashCollected,
    FulfilmentCancelled,
    ParcelDelivered,
    ParcelLost,
    ParcelRefused,
    ParcelReturned,
    ParcelTraceAdded,
)
from shop_events.values import Money, total


def shipped(town: Town, order: AnOrder | None = None) -> str:
    order = order or AnOrder()
    town.stocks(9)
    town.hears(order.placed(), order.details(), order.confirmed())
    return town.ships(order.id)


def test_a_signed_parcel_is_delivered_once(town: Town) -> None:
    waybill = shipped(town)

    town.sees(waybill, "signed", hour=5)
    town.sees(waybill, "signed", hour=6)

    (delivered,) = town.said(ParcelDelivered)
    assert delivered.parcel_id == town.fulfilment().parcels[0].id
    assert len(town.said(ParcelTraceAdded)) == 2


def test_the_same_sighting_told_twice_is_one_trace(town: Town) -> None:
    waybill = shipped(town)
    push = town.push(waybill, "in_transit", hour=1)

    first, again = town.pushes(push), town.pushes(push)

    assert (first.json, again.json) == ({"new": True}, {"new": False})
    assert len(town.said(ParcelTraceAdded)) == 1


def test_the_same_sighting_under_another_event_id_is_one_trace(town: Town) -> None:
    waybill = shipped(town)

    assert town.sees(waybill, "in_transit", hour=1)
    assert not town.sees(waybill, "in_transit", hour=1)


def test_a_late_trace_is_put_in_its_place_and_moves_nothing_back(town: Town) -> None:
    waybill = shipped(town)
    town.sees(waybill, "signed", hour=9)

    town.sees(waybill, "out_for_delivery", hour=7)

    parcel = town.ann.get(f"/tracking/{waybill}").json
    assert parcel["state"] == "signed"
    assert [trace["state"] for trace in parcel["traces"]] == ["out_for_delivery", "signed"]


_JOURNEY = ("collected", "in_transit", "exception", "out_for_delivery", "refused")


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
def test_traces_in_any_order_lead_to_the_same_place(bench: Bench) -> None:
    town = Town(bench)
    town.stocks(1000)
    orders = list(enumerate(permutations(range(len(_JOURNEY)))))[::7]

    for number, hours in orders:
        order = AnOrder(f"o-{number}")
        town.hears(order.placed(), order.confirmed())
        waybill = town.ships(order.id)
        for hour in hours:
            town.sees(waybill, _JOURNEY[hour], hour=hour)
        assert town.fulfilment(order.id).parcels[0].state == "refused", hours

    assert len(town.said(ParcelRefused)) == len(orders)


def test_a_refused_parcel_that_came_back_is_in_stock_again(town: Town) -> None:
    waybill = shipped(town)

    town.sees(waybill, "refused", hour=1)
    on_its_way = town.counters()
    town.sees(waybill, "returned_to_sender", hour=9)

    assert on_its_way == (8, 0, 0)
    assert town.counters() == (9, 0, 0)
    assert len(town.said(ParcelRefused)) == len(town.said(ParcelReturned)) == 1


def test_a_refusal_told_after_the_return_is_still_told(town: Town) -> None:
    waybill = shipped(town)

    town.sees(waybill, "returned_to_sender", hour=9)
    town.sees(waybill, "refused", hour=1)

    assert len(town.said(ParcelRefused)) == len(town.said(ParcelReturned)) == 1


def test_a_signed_parcel_is_not_refused_afterwards(town: Town) -> None:
    waybill = shipped(town)

    town.sees(waybill, "signed", hour=1)
    town.sees(waybill, "refused", hour=2)

    assert town.said(ParcelRefused) == []


def test_the_goods_of_a_lost_parcel_are_gone(town: Town) -> None:
    waybill = shipped(town)

    town.sees(waybill, "lost", hour=1)

    assert town.counters() == (8, 0, 0)
    assert len(town.said(ParcelLost)) == 1


def test_cash_is_collected_for_the_units_in_the_parcel_and_for_freight_once(town: Town) -> None:
    town.stocks(9)
    town.stocks(9, TEA, of=LIN)
    cups = a_line("1", quantity=3, payable=Money.of("20.00", "CNY"))
    order = AnOrder("o-1", cups, a_line("2", TEA, of=LIN), on_delivery=True)
    town.hears(order.placed(), order.confirmed())
    mine = town.fulfilment().id
    for count in (1, 2):
        lines = [{"line_id": "1", "quantity": count}]
        parcel = town.mo.post(f"/shipments/{mine}/pack", {"lines": lines}).json
        shipped = town.mo.post(f"/shipments/{parcel['id']}/ship", {"carrier": "swift"}).json
        town.sees(shipped["waybill"], "signed", hour=count)
    theirs = town.fulfilment(of=LIN).id
    shipped = town.lin.post(f"/shipments/{theirs}/ship", {"carrier": "swift"}).json
    town.sees(shipped["waybill"], "signed", hour=3)

    collected = [one.amount for one in town.said(CashCollected)]

    # 20.00 over three cups is 6.67, 6.67 and 6.66; freight of 8.00 by 30.00 and 10.00 of goods.
    assert [amount.amount for amount in collected] == ["12.67", "13.33", "12.00"]
    assert total(collected, "CNY") == order.total


def test_no_cash_is_collected_for_what_was_paid_before(town: Town) -> None:
    waybill = shipped(town)

    town.sees(waybill, "signed")

    assert town.said(CashCollected) == []


def test_units_that_never_left_are_not_paid_for_at_the_door(town: Town) -> None:
    town.stocks(9)
    cups = a_line("1", quantity=3, payable=Money.of("20.00", "CNY"))
    order = AnOrder("o-1", cups, on_delivery=True, shipping="0.00")
    town.hears(order.placed(), order.confirmed())
    lines = [{"line_id": "1", "quantity": 1}]
    parcel = town.mo.post(f"/shipments/{town.fulfilment().id}/pack", {"lines": lines}).json
    shipped = town.mo.post(f"/shipments/{parcel['id']}/ship", {"carrier": "swift"}).json
    town.hears(order.cancellation_requested())

    town.sees(shipped["waybill"], "signed")

    (collected,) = town.said(CashCollected)
    (cancelled,) = town.said(FulfilmentCancelled)

    # The cup that left was packed first: the other two are named to order by the next numbers.
    assert collected.amount.amount == "6.67"
    assert collected.waybill == shipped["waybill"]  # by which the carrier's bill names it
    assert [(line.first_unit, line.quantity) for line in cancelled.lines] == [(1, 2)]


def test_units_that_were_refused_are_paid_for_by_nobody(town: Town) -> None:
    town.stocks(9)
    cups = a_line("1", quantity=3, payable=Money.of("20.00", "CNY"))
    order = AnOrder("o-1", cups, on_delivery=True, shipping="0.00")
    town.hears(order.placed(), order.confirmed())
    for count, answer in ((1, "refused"), (2, "signed")):
        lines = [{"line_id": "1", "quantity": count}]
        parcel = town.mo.post(f"/shipments/{town.fulfilment().id}/pack", {"lines": lines}).json
        shipped = town.mo.post(f"/shipments/{parcel['id']}/ship", {"carrier": "swift"}).json
        town.sees(shipped["waybill"], answer)

    (collected,) = town.said(CashCollected)

    # The refused cup had the first part, 6.67; order pays back by the same numbers.
    assert collected.amount.amount == "13.33"


def test_two_days_of_silence_raise_an_alarm(town: Town, caplog) -> None:
    shipped(town)
    town.bench.advance(48 * 3600)

    (warning,) = caplog.messages
    assert warning.startswith("swift says nothing of the parcel")


def test_nobody_waits_for_word_of_a_signed_parcel(town: Town, caplog) -> None:
    town.sees(shipped(town), "signed")

    town.bench.advance(100 * 3600)

    assert caplog.messages == []
