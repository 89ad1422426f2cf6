"""Many at once after the same thing, on both ways to run: one effect each, whoever comes first."""

from __future__ import annotations

from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from shop_events import Money
from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.caller import Refused
from shop_suite.chaos.stories import MERCHANT, SKU
from shop_suite.chaos.ways import Way
from shop_suite.replay import UNTIL_THE_BANK_IS_ASKED
from shop_suite.road import Road, Wanted
from tests.faults.crowd import in_parallel
from tests.support.towns import goods, prove

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

PAIRS = 12
HUNTERS = 200
DISC = Wanted(sku_id=SKU, merchant_id=MERCHANT, quantity=1, unit_price=Money.of("11.77", "USD"))
Order = tuple[str, str]  # whose, and its id


@pytest.fixture
def road(way: Way) -> Road:
    return way.road()


def hunted(road: Road, wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """Who, and their order once the stock has answered."""
    buyer = f"buyer-{uuid4().hex[:8]}"
    return buyer, road.place(buyer, road.quote(buyer, [wanted]))


def ordered(road: Road, wanted: Wanted = DISC) -> Order:
    buyer, order = hunted(road, wanted)
    return buyer, order["id"]


def paid(road: Road) -> tuple[Order, str]:
    """An order that is paid, and its fulfilment."""
    order = ordered(road)
    road.pay(*order)
    (fulfilment,) = road.fulfilments(*order)
    return order, fulfilment["id"]


def unless_refused(meet: Barrier, act: Any) -> Any:
    """Wait for the other one, then act; None if that is refused by then."""
    meet.wait(30)
    try:
        return act()
    except Refused as refused:
        if refused.status != 409:
            raise
        return None


def at_the_same_moment(*acts: Any) -> list[Any]:
    meet = Barrier(len(acts))
    return in_parallel([partial(unless_refused, meet, act) for act in acts])


def test_f25_of_two_hundred_orders_for_the_last_unit_one_wins(way: Way, road: Road) -> None:
    last = goods(road, "last", price="99.00", on_hand=1)

    placed = in_parallel([partial(hunted, road, last)] * HUNTERS)

    ends = [(order["status"], order["cancel_reason"]) for _, order in placed]
    assert ends.count(("awaiting_payment", None)) == 1
    assert ends.count(("cancelled", "out_of_stock")) == HUNTERS - 1
    ((buyer, won),) = [one for one in placed if is_open(one[1])]
    road.cancel(buyer, won["id"])
    prove(way)


def is_open(order: dict[str, Any]) -> bool:
    return bool(order["status"] == "awaiting_payment")


def test_an_order_cancelled_while_it_is_shipped_is_refunded_or_arrives_and_never_both(
    way: Way, road: Road
) -> None:
    orders = in_parallel([partial(paid, road)] * PAIRS, at_once=4)

    for order, fulfilment in orders:
        _, waybill = at_the_same_moment(
            partial(road.cancel, *order), partial(road.ship, MERCHANT, fulfilment)
        )
        end = road.settled(*order, lambda seen: seen["status"] in ("cancelled", "shipped"))
        assert (end["status"] == "shipped") is (waybill is not None)

    wait_until_quiet(way.audit.events)
    for order, _ in orders:
        end = road.order(*order)
        back, gone = end["refunded"] == end["total"], bool(end["parcels"])
        assert (back, gone) in ((True, False), (False, True)), end
        if gone:
            road.trace(end["parcels"][0]["waybill"], "signed")
            road.receive(*order)
    prove(way)


def test_money_taken_while_the_order_is_cancelled_goes_back(way: Way, road: Road) -> None:
    orders = in_parallel([partial(ordered, road)] * PAIRS, at_once=4)

    for order in orders:
        at_the_same_moment(partial(road.pay, *order), partial(road.cancel, *order))

    way.clock.advance(UNTIL_THE_BANK_IS_ASKED)
    for order in orders:
        end = road.settled(*order, lambda seen: seen["status"] == "cancelled")
        assert end["cancel_reason"] == "buyer"
    prove(way)
    with way.audit.databases["payment"].read() as connection:
        held = connection.exec_driver_sql(HELD.format(ids(orders))).scalar_one()
    assert held == 0


HELD = """
    SELECT COALESCE(SUM(e.amount), 0) FROM entries e JOIN postings p ON p.id = e.posting_id
    WHERE e.account = 'provider_receivable:pretend' AND p.order_id IN ({})
"""


def ids(orders: list[Order]) -> str:
    return ", ".join(f"'{order_id}'" for _, order_id in orders)
