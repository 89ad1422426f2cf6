"""Short stories that pass every step of the road, walked while processes die."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

from shop_events import Money, new_id
from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.caller import Refused
from shop_suite.chaos.newcomers import has_all_services, newcomer, open_for_newcomers
from shop_suite.chaos.ways import Way
from shop_suite.replay import MovableClock
from shop_suite.road import Road, Wanted

SKU = "disc-chaos"
MERCHANT = "m-chaos"
# A payment that was cut off is looked into after fifteen seconds. Nobody wants to sit through them.
HURRY_AFTER_S = 1.5
# A mail that was cut off is sent again after five minutes, and the bank is asked sooner.
HURRY = timedelta(minutes=1)
HURRIES = 6  # then slowly: quotes and tokens live ten minutes, and a request may wait meanwhile
SLOWLY = timedelta(seconds=2)
UNPAID_IS_OVER = timedelta(minutes=31)


def stock(road: Road, units: int = 100_000) -> None:
    """Enough for any number of stories."""
    road.receive_stock(SKU, MERCHANT, units)


def open_town(way: Way) -> None:
    """Let people of all stories find what they want."""
    stock(way.road())
    open_for_newcomers(way)


def one_of_each(way: Way) -> None:
    """A story that ends well, one that is never paid, and one cancelled after it was paid.

    Where all services are, a newcomer's first purchase is walked beside them.

    Every client repeats a request that got no answer, with the same idempotency key. At the end
    time passes until the unpaid one has expired, and the town is quiet.
    """
    road = way.road()
    with ThreadPoolExecutor(4) as people:
        walks = [people.submit(walk, road) for walk in (bought, left_unpaid, thought_better)]
        if has_all_services(way):
            walks.append(people.submit(newcomer, way))
        hurries = 0
        while wait(walks, timeout=HURRY_AFTER_S).not_done:
            way.clock.advance(HURRY if hurries < HURRIES else SLOWLY)
            hurries += 1
        for walk in walks:
            walk.result()
    way.clock.advance(UNPAID_IS_OVER)
    wait_until_quiet(way.audit.events)


def bought(road: Road) -> str:
    """Placed, paid, shipped, signed for, received; the order's id."""
    buyer, order_id = placed(road)
    road.pay_until_taken(buyer, order_id)
    waybill = shipped(road, buyer, order_id)
    road.trace(waybill, "signed", event_id=new_id())
    road.receive(buyer, order_id)
    return order_id


def left_unpaid(road: Road) -> str:
    """Placed, and forgotten; the order's id."""
    return placed(road)[1]


def thought_better(road: Road) -> str:
    """Placed, paid, and cancelled before it is shipped; the order's id."""
    buyer, order_id = placed(road)
    road.pay_until_taken(buyer, order_id)
    road.fulfilments(buyer, order_id)
    road.cancel(buyer, order_id)
    road.settled(buyer, order_id, lambda order: order["status"] == "cancelled")
    return order_id


def placed(road: Road) -> tuple[str, str]:
    """A new buyer's order for one disc: who, and the order's id.

    Where time was hurried past the quote's end meanwhile, another is asked for.
    """
    buyer = f"buyer-{new_id()}"
    price = Money.of("11.77", "USD")
    line = Wanted(sku_id=SKU, merchant_id=MERCHANT, quantity=1, unit_price=price)
    try:
        order = road.place(buyer, road.quote(buyer, [line]), key=new_id())
    except Refused as refused:
        if refused.code != "quote_expired":
            raise
        order = road.place(buyer, road.quote(buyer, [line]), key=new_id())
    return buyer, str(order["id"])


def shipped(road: Road, buyer: str, order_id: str) -> str:
    """The merchant ships; the waybill."""
    (fulfilment,) = road.fulfilments(buyer, order_id)
    return road.ship(MERCHANT, fulfilment["id"], key=new_id())


def let_all_orders_end(clock: MovableClock, way: Way) -> None:
    """Time passes until nothing waits for anything."""
    wait_until_quiet(way.audit.events)
    for days in (1, 11, 8, 8):
        clock.set(clock.now() + timedelta(days=days))
        wait_until_quiet(way.audit.events)
