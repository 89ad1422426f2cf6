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
from shop_suite.first_purchase import FirstPurchase
from shop_suite.purchases import read_purchases
from shop_suite.replay import Replay, expected
from shop_suite.road import Road
from shop_suite.town.opening import open_shop

Say = Callable[[str], None]

COUNTED = ("orders", "completed", "shipped", "came_back")  # the others are dollars


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
    """Walk one purchase and tell it; then replay ``orders`` real ones. Whether all was right."""
    town = Town(folder / "story")
    with town.open() as road:
        say("The demo shop opens: two merchants, sixty things ...")
        logins = open_shop(road.address, folder / "story")
        told = _Told(town, say)
        told.skip_what_was_said()
        walk = FirstPurchase(road.address, logins, town.clock, told)
        walk.walk()
        told.step("Eight days later the return window is over")
        town.clock.set(town.clock.now() + timedelta(days=8))
        told.answered({"status": walk.status_days_later("completed")})
        good = _nothing_wrong(town, say)
    if not orders:
        return good
    say(f"\nNow {orders} purchases that real people made in 1997, in a town of their own.\n")
    return replay_here(folder / "replay", orders=orders, people=4, say=say) and good


def replay_here(folder: Path, *, orders: int | None, people: int, say: Say) -> bool:
    """Replay in a fresh embedded town; whether the books are right."""
    town = Town(folder)
    with town.open() as road:
        return _replay(town, road, orders=orders, people=people, say=say)


class _Told:
    """Tells a story: what somebody did, what came back, which events flowed."""

    def __init__(self, town: Town, say: Say) -> None:
        self._town = town
        self._say = say
        self._offset: int | None = None

    def step(self, words: str) -> None:
        """What somebody does now."""
        self._say(f"\n* {words}")

    def answered(self, facts: Mapping[str, Any]) -> None:
        """What the shop answered, and what it said to itself meanwhile."""
        shown = ", ".join(f"{name}: {_plain(value)}" for name, value in facts.items())
        self._say(f"    answer  {shown}")
        for name, by in self._events():
            self._say(f"    event   {name:<28} said by {by}")

    def skip_what_was_said(self) -> None:
        """Whatever was said until now belongs to no step."""
        for _ in self._events():
            pass

    def _events(self) -> Iterator[tuple[str, str]]:
        wait_until_quiet(self._town.audit.events)
        for logged in self._town.embedded.broker.read_log(after=self._offset):
            self._offset = logged.offset
            by = str(logged.headers["ce-source"]).rpartition("/")[2]
            yield str(logged.headers["ce-type"]), by


def _nothing_wrong(town: Town, say: Say) -> bool:
    wait_until_quiet(town.audit.events)
    problems = list(town.audit.problems())
    for problem in problems:
        say(problem)
    return not problems


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
