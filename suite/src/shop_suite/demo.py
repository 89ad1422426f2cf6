"""`shop demo`: one order through the town, told step by step, and then two hundred real ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from shop_events import ManualClock, Money
from shop_suite.audit.books import Sums
from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.audit.town import TownAudit
from shop_suite.embedded import Embedded, Served
from shop_suite.purchases import read_purchases
from shop_suite.replay import Replay, expected
from shop_suite.road import Road, Wanted

Say = Callable[[str], None]

COUNTED = ("orders", "completed", "shipped", "came_back")  # the others are dollars

MUG = Wanted(
    sku_id="mug-blue",
    merchant_id="m-pottery",
    quantity=2,
    unit_price=Money.of("39.90", "CNY"),
    name="A blue mug",
)


class Town:
    """An embedded town that is open, with a road to walk on and a clock to move."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock()
        self.embedded = Embedded(folder, clock=self.clock)
        self.audit = TownAudit(
            self.embedded.services,
            {name: runtime.database for name, runtime in self.embedded.runtimes.items()},
            self.embedded.broker,
            folder,
        )

    @contextmanager
    def open(self) -> Iterator[Road]:
        """Serve on a free port while the block lasts."""
        self.embedded.start()
        try:
            with Served(self.embedded.wsgi) as served:
                yield Road(
                    key=self.embedded.key, clock=self.clock, address=lambda _path: served.url
                )
        finally:
            self.embedded.stop()


def tell(folder: Path, *, orders: int, say: Say) -> bool:
    """Walk one order and tell it; then replay ``orders`` real purchases. Whether all was right."""
    town = Town(folder / "story")
    with town.open() as road:
        _Story(town, road, say).walk()
    say(f"\nNow {orders} purchases that real people made in 1997, in a town of their own.\n")
    return replay_here(folder / "replay", orders=orders, people=4, say=say)


def replay_here(folder: Path, *, orders: int | None, people: int, say: Say) -> bool:
    """Replay in a fresh embedded town; whether the books are right."""
    town = Town(folder)
    with town.open() as road:
        return _replay(town, road, orders=orders, people=people, say=say)


class _Story:
    """One order, told: what was asked, what came back, which events flowed."""

    def __init__(self, town: Town, road: Road, say: Say) -> None:
        self._town = town
        self._road = road
        self._say = say
        self._offset: int | None = None

    def walk(self) -> None:
        """From the warehouse to the doorstep."""
        road = self._road
        self._step("The pottery delivers ten blue mugs to the warehouse")
        road.receive_stock(MUG.sku_id, MUG.merchant_id, 10)
        self._answered({"on hand": 10})
        self._step("Ann is given a quote for two, with 5.00 off and 8.00 for express")
        quote = road.quote("ann", [MUG], discount=_cny("5.00"), shipping=_cny("8.00"))
        self._answered({"quote": quote})
        self._step("Ann places the order")
        order = road.place("ann", quote)
        self._answered(_brief(order))
        self._step("Ann pays by card; the first is declined")
        self._answered(road.pay("ann", order["id"], card="tok_declined"))
        self._step("Ann takes another card")
        self._answered(road.pay("ann", order["id"]))
        self._step("The pottery packs and ships")
        (fulfilment,) = road.fulfilments("ann", order["id"])
        waybill = road.ship(MUG.merchant_id, fulfilment["id"])
        self._answered({"waybill": waybill})
        self._step("The carrier is on its way, and Ann signs")
        for state in ("in_transit", "out_for_delivery", "signed"):
            road.trace(waybill, state)
        self._answered({"trace": "signed"})
        self._step("Ann confirms that the mugs are here and whole")
        self._answered(_brief(road.receive("ann", order["id"])))
        self._step("Eight days later the return window is over")
        self._town.clock.set(self._town.clock.now() + timedelta(days=8))
        done = road.settled("ann", order["id"], lambda seen: seen["status"] == "completed")
        self._answered(_brief(done))

    def _step(self, words: str) -> None:
        self._say(f"\n* {words}")

    def _answered(self, answer: Any) -> None:
        shown = ", ".join(f"{name}: {_plain(value)}" for name, value in dict(answer).items())
        self._say(f"    answer  {shown}")
        wait_until_quiet(self._town.audit.events)
        for logged in self._town.embedded.broker.read_log(after=self._offset):
            self._offset = logged.offset
            name = str(logged.headers["ce-type"])
            by = str(logged.headers["ce-source"]).rpartition("/")[2]
            self._say(f"    event   {name:<28} said by {by}")


def _replay(town: Town, road: Road, *, orders: int | None, people: int, say: Say) -> bool:
    purchases = read_purchases(orders)
    replay = Replay(road=road, clock=town.clock, people=people)
    first = purchases[0].day
    town.clock.set(datetime(first.year, first.month, first.day, tzinfo=UTC))
    replay.stock()
    replay.run(purchases, tell=_now_and_then(say))
    replay.let_time_pass(lambda: wait_until_quiet(town.audit.events))
    return prove(town.audit, expected(purchases), say)


def prove(audit: TownAudit, wanted: Sums, say: Say) -> bool:
    """Compare the books with what the file says, and look for counter-examples; tell both."""
    booked = audit.books.sums()
    say("")
    for name, should in asdict(wanted).items():
        value = getattr(booked, name)
        verdict = "equal" if value == should else "DIFFERENT"
        told = (
            f"{number:>12,}" if name in COUNTED else _dollars(number) for number in (should, value)
        )
        say("    {:<10} file {}   books {}   {}".format(name, *told, verdict))
    problems = list(audit.problems(finished=True))
    for problem in problems[:20]:
        say(f"    {problem}")
    good = booked == wanted and not problems
    say("\nThe books agree to the cent; nothing was lost, nothing happened twice." if good else "")
    return good


def _dollars(cents: int) -> str:
    return f"{Decimal(cents).scaleb(-2):>12,}"


def _now_and_then(say: Say) -> Say:
    """Tell at most every two seconds."""
    told_at = 0.0

    def tell_it(words: str) -> None:
        nonlocal told_at
        if time.monotonic() - told_at > 2.0:
            told_at = time.monotonic()
            say(f"    {words}")

    return tell_it


def _cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


def _brief(order: Mapping[str, Any]) -> dict[str, Any]:
    return {name: order[name] for name in ("number", "status", "total")}


def _plain(value: Any) -> str:
    match value:
        case {"amount": amount, "currency": currency}:
            return f"{amount} {currency}"
        case {**inside}:
            return ", ".join(f"{name} {_plain(part)}" for name, part in inside.items() if part)
    return str(value)
