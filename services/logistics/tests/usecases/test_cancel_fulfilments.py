from itertools import permutations

import pytest

from chassis.testing import Bench
from logistics_service.audit import counter_examples
from logistics_service.testing import LIN, MUG, TEA, AnOrder, a_line
from services.logistics.tests.town import Town
from shop_events.contracts.logistics import (
    FulfilmentCancellationRefused,
    FulfilmentCancelled,
    FulfilmentCreated,
    ParcelPacked,
    ShipmentLine,
)
from shop_events.contracts.order import CancelReason


def test_a_confirmed_order_becomes_one_fulfilment_per_merchant(town: Town) -> None:
    town.stocks(5)
    town.stocks(5, TEA, of=LIN)
    order = AnOrder("o-1", a_line("1"), a_line("2", TEA, of=LIN), a_line("3"))

    town.hears(order.placed(), order.confirmed(), order.confirmed())

    created = town.said(FulfilmentCreated)
    assert {one.merchant_id: [line.line_id for line in one.lines] for one in created} == {
        "m-mo": ["1", "3"],
        "m-lin": ["2"],
    }
    assert town.counters(MUG) == (5, 0, 2)


def test_goods_that_are_still_here_are_for_sale_again(town: Town) -> None:
    town.stocks(5)
    order = AnOrder("o-1", a_line("1", quantity=2))
    town.hears(order.placed(), order.confirmed())

    town.hears(order.cancellation_requested())

    assert town.counters() == (5, 0, 0)
    (cancelled,) = town.said(FulfilmentCancelled)
    assert cancelled.lines == (ShipmentLine(line_id="1", sku_id=MUG, quantity=2, first_unit=0),)


def test_a_packed_parcel_is_opened_again(town: Town) -> None:
    town.stocks(5)
    order = AnOrder()
    town.hears(order.placed(), order.confirmed())
    town.mo.post(f"/shipments/{town.fulfilment().id}/pack")

    town.hears(order.cancellation_requested())

    (parcel,) = town.fulfilment().parcels
    assert parcel.state == "cancelled"
    assert town.counters() == (5, 0, 0)


def test_a_parcel_that_is_gone_is_not_cancelled(town: Town) -> None:
    town.stocks(5)
    order = AnOrder()
    town.hears(order.placed(), order.confirmed())
    town.ships()

    town.hears(order.cancellation_requested())

    (refused,) = town.said(FulfilmentCancellationRefused)
    assert refused.lines == (ShipmentLine(line_id="1", sku_id=MUG, quantity=1, first_unit=0),)
    assert refused.why.startswith("Left the warehouse already")
    assert town.said(FulfilmentCancelled) == []
    assert town.counters() == (4, 0, 0)


def test_what_is_gone_is_refused_and_what_is_here_is_cancelled(town: Town) -> None:
    town.stocks(5)
    order = AnOrder("o-1", a_line("1", quantity=3))
    town.hears(order.placed(), order.confirmed())
    shipment = town.fulfilment().id
    one = {"lines": [{"line_id": "1", "quantity": 1}]}
    town.mo.post(f"/shipments/{shipment}/pack", one)
    town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "swift"})

    town.hears(order.cancellation_requested())

    (cancelled,) = town.said(FulfilmentCancelled)
    (refused,) = town.said(FulfilmentCancellationRefused)
    assert [line.quantity for line in cancelled.lines] == [2]
    assert [line.quantity for line in refused.lines] == [1]
    assert town.counters() == (4, 0, 0)


def test_asked_again_it_answers_the_same_again_and_changes_nothing(town: Town) -> None:
    town.stocks(5)
    order = AnOrder()
    town.hears(order.placed(), order.confirmed(), order.cancellation_requested())
    version = town.level().version

    town.hears(order.cancellation_requested())

    first, second = town.said(FulfilmentCancelled)
    assert first == second
    assert town.level().version == version


def test_only_the_merchants_whose_lines_are_named_answer(town: Town) -> None:
    town.stocks(5)
    town.stocks(5, TEA, of=LIN)
    order = AnOrder("o-1", a_line("1"), a_line("2", TEA, of=LIN))
    town.hears(order.placed(), order.confirmed())

    town.hears(order.cancellation_requested(["2"]))

    (cancelled,) = town.said(FulfilmentCancelled)
    assert cancelled.fulfilment_id == town.fulfilment(of=LIN).id


def test_a_cancellation_asked_for_before_the_confirmation_came_is_answered_then(
    town: Town,
) -> None:
    town.stocks(5)
    order = AnOrder()

    town.hears(order.placed(), order.cancellation_requested())
    before = town.said(FulfilmentCancelled)
    town.hears(order.confirmed())

    assert before == []
    assert len(town.said(FulfilmentCreated)) == len(town.said(FulfilmentCancelled)) == 1
    assert town.counters() == (5, 0, 0)


def test_a_confirmation_that_came_first_is_acted_on_once_the_order_is_known(town: Town) -> None:
    town.stocks(5)
    order = AnOrder()

    town.hears(order.confirmed(), order.placed())

    assert len(town.said(FulfilmentCreated)) == 1
    assert town.counters() == (5, 0, 1)


def test_s6_an_order_that_ends_after_shipping_releases_nothing(town: Town) -> None:
    town.stocks(5)
    order = AnOrder()
    town.hears(order.placed(), order.confirmed())
    town.ships()

    town.hears(order.cancelled(CancelReason.REFUSED_AT_DOOR))

    assert town.counters() == (4, 0, 0)


def test_a_cancelled_fulfilment_is_packed_no_more(town: Town) -> None:
    town.stocks(5)
    order = AnOrder()
    town.hears(order.placed(), order.confirmed(), order.cancellation_requested())

    answer = town.mo.post(f"/shipments/{town.fulfilment().id}/pack")

    assert (answer.status_code, answer.json["code"]) == (409, "nothing_to_pack")
    assert town.said(ParcelPacked) == []


_FACTS = ("placed", "confirmed", "cancelled", "cancellation_requested", "details")


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
def test_in_whatever_order_things_are_told_the_books_agree(bench: Bench) -> None:
    town = Town(bench)
    town.stocks(1000)

    for number, facts in enumerate(permutations(_FACTS)):
        order = AnOrder(f"o-{number}", a_line("1", quantity=2))
        for fact in facts:
            town.hears(getattr(order, fact)())

    assert list(counter_examples(bench.database)) == []
    assert town.counters() == (1000, 0, 0)


def test_in_whatever_order_a_living_order_is_told_it_can_be_shipped(town: Town) -> None:
    town.stocks(10)

    for number, facts in enumerate(permutations(("placed", "confirmed", "details"))):
        order = AnOrder(f"o-{number}")
        for fact in facts:
            town.hears(getattr(order, fact)())
        town.ships(f"o-{number}")

    assert town.counters() == (4, 0, 0)
