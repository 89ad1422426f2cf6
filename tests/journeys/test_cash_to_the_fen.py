"""Cash on delivery comes out to the fen, whatever becomes of each unit and in whichever order.

A line of three units and an odd fen goes in up to three parcels. Everything runs in one thread:
after each step of a story the town handles all there is to handle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest

from chassis.background import Background
from shop_events import ManualClock, Money
from shop_suite.audit.town import TownAudit
from shop_suite.embedded import Embedded, Served
from shop_suite.keys import merchant, shopper
from shop_suite.road import CARRIER, Road, Wanted
from shop_suite.services import NAMES
from tests.support.towns import goods

PARCELS = 3
SHIPPED = ("signed", "refused", "lost")
STAYS = ("packed", "open")  # still in the warehouse when the buyer cancels
RECEIPT = timedelta(days=11)
RETURN_WINDOW = timedelta(days=8)


class Town:
    """The whole town in this thread, and Ann, who pays at the door."""

    def __init__(self, embedded: Embedded, clock: ManualClock, url: str) -> None:
        self.embedded, self.clock = embedded, clock
        runtimes = embedded.runtimes.values()
        self.workers = [Background(runtime, strict=True) for runtime in runtimes]
        self.road = Road(key=embedded.key, clock=embedded.clock, address=lambda _path: url)

    def drain(self) -> None:
        for _ in range(10_000):
            if not sum(worker.step() for worker in self.workers):
                return
        raise AssertionError("The services go on and on.")

    def orders(self, *wanted: Wanted, discount: str, shipping: str) -> str:
        quote = self.road.quote(
            "ann",
            wanted,
            discount=Money.of(discount, "CNY"),
            shipping=Money.of(shipping, "CNY"),
        )
        body = {"quote_id": quote, "payment_method": "cash_on_delivery"}
        return str(self.road.caller(shopper("ann")).post("/orders", body)["id"])

    def packs(self, order_id: str, of: str, line_id: str) -> str:
        """One unit of the line goes into a parcel of its own; its id."""
        parts = self.road.fulfilments("ann", order_id)
        (shipment,) = (part["id"] for part in parts if part["merchant_id"] == of)
        body = {"lines": [{"line_id": line_id, "quantity": 1}]}
        packed = self.road.caller(merchant(of)).post(f"/shipments/{shipment}/pack", body)
        return str(packed["id"])

    def ships(self, parcel_id: str, of: str) -> str:
        body = {"carrier": CARRIER}
        shipped = self.road.caller(merchant(of)).post(f"/shipments/{parcel_id}/ship", body)
        return str(shipped["waybill"])

    def receives(self, order_id: str) -> None:
        self.road.caller(shopper("ann")).post(f"/orders/{order_id}/confirm-receipt")

    def problems(self) -> list[str]:
        databases = {name: self.embedded.database(name) for name in NAMES}
        services, folder = self.embedded.services, self.embedded.folder
        audit = TownAudit(services, databases, self.embedded.broker, folder)
        return list(audit.problems(finished=True))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    clock = ManualClock()
    embedded = Embedded(tmp_path, clock=clock)
    try:
        with Served(embedded.wsgi) as served:
            yield Town(embedded, clock, served.url)
    finally:
        embedded.stop()


@dataclass(kw_only=True)
class Story:
    """One order. ``fates`` are of single units: whose, of which line, and what becomes of it."""

    order_id: str
    fates: list[tuple[str, str, str]]
    telling: tuple[int, ...]
    received_at_once: bool
    waybills: list[str] = field(default_factory=list)

    def sends(self, town: Town) -> None:
        """Each unit is packed and shipped, unless it stays."""
        parcels = [
            town.packs(self.order_id, of, line_id) if fate != "open" else ""
            for of, line_id, fate in self.fates
        ]
        self.waybills = [
            town.ships(parcel, of) if fate in SHIPPED else ""
            for parcel, (of, _, fate) in zip(parcels, self.fates, strict=True)
        ]

    def tells(self, town: Town, step: int) -> None:
        """What becomes of the unit whose turn it is; what stays is cancelled together."""
        fate = self.fates[self.telling[step]][2]
        if fate in SHIPPED:
            town.road.trace(self.waybills[self.telling[step]], fate)
        elif not any(self.fates[index][2] in STAYS for index in self.telling[:step]):
            town.road.cancel("ann", self.order_id)

    def ends_step(self, town: Town, step: int) -> None:
        """The town has heard of it; a buyer who confirms at once does so now."""
        if self.received_at_once and self.fates[self.telling[step]][2] == "signed":
            town.receives(self.order_id)


def proven(town: Town, stories: list[Story]) -> None:
    """Live all stories, side by side and step by step, to their ends; nobody owes anything."""
    town.drain()
    for story in stories:
        story.sends(town)
    town.drain()
    for step in range(len(stories[0].telling)):
        for story in stories:
            story.tells(town, step)
        town.drain()
        for story in stories:
            story.ends_step(town, step)
        town.drain()
    for passes in (RECEIPT, RETURN_WINDOW):
        town.clock.advance(passes)
        town.drain()
    problems = town.problems()
    assert not problems, f"{len(problems)} problems: " + "\n".join(problems[:10])


def tellings(fates: tuple[str, ...]) -> list[tuple[int, ...]]:
    """The orders in which something different is told first, second and third."""
    heard: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for telling in permutations(range(len(fates))):
        said = [("cancel",) if fates[i] in STAYS else (i,) for i in telling]
        heard.setdefault(tuple(dict.fromkeys(said)), telling)
    return list(heard.values())


def test_m4_three_parcels_of_a_line_with_an_odd_fen_leave_nobody_owing(town: Town) -> None:
    mug = goods(town.road, "mug", price="10.00", pieces=PARCELS, on_hand=1000)
    stories = [
        Story(
            order_id=town.orders(mug, discount=f"0.0{odd}", shipping="8.01"),
            fates=[(mug.merchant_id, "1", fate) for fate in fates],
            telling=telling,
            received_at_once=number % 2 == 0,
        )
        for number, fates in enumerate(product(("signed", "refused", "open"), repeat=PARCELS))
        for odd, telling in enumerate(tellings(fates)[::3], start=1)
    ]

    proven(town, stories)


def test_m9_the_freight_of_each_merchant_is_paid_at_the_door_once_or_not_at_all(
    town: Town,
) -> None:
    mug = goods(town.road, "mug", of="m-pottery", price="10.00", pieces=2, on_hand=1000)
    tea = goods(town.road, "tea", of="m-garden", price="9.99", pieces=1, on_hand=1000)
    owners = (("m-pottery", "2"), ("m-pottery", "2"), ("m-garden", "1"))
    stories = [
        Story(
            order_id=town.orders(tea, mug, discount="0.02", shipping="8.01"),
            fates=[(*owner, fate) for owner, fate in zip(owners, fates, strict=True)],
            telling=tellings(fates)[-1],
            received_at_once=False,
        )
        for fates in product(("signed", "lost", "packed"), repeat=3)
    ]

    proven(town, stories)
