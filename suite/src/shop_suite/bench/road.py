"""Real purchases on both ways to run: how many a second, how long each took, at what cost, and
whether the books agree with the file afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Final

from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.bench import cpu, towns
from shop_suite.bench.figures import Floor, Run, describe_waits
from shop_suite.bench.ground import Asked, Ground
from shop_suite.purchases import Purchase, read_purchases
from shop_suite.replay import Replay, expected

PEOPLE: Final = 4  # who walk side by side
ALONE: Final = 60  # orders walked by one person before, to see what one takes when all is idle
QUIET_WITHIN_S: Final = 300.0

WAYS: Final[dict[str, Callable[[Ground], AbstractContextManager[towns.Town]]]] = {
    "embedded": towns.embedded,
    "deployed": towns.deployed,
}


def ask(asked: Asked) -> list[Floor]:
    """Walk the same purchases in a fresh town of each kind."""
    purchases = read_purchases(asked.orders)
    floors: list[Floor] = []
    for name, opened in WAYS.items():
        with opened(asked.ground) as town:
            floors += _walked(asked, name, town, purchases)
    return floors


def _walked(
    asked: Asked, name: str, town: towns.Town, purchases: Sequence[Purchase]
) -> list[Floor]:
    replay = Replay(road=town.road, clock=town.clock)
    first = purchases[0].day
    town.clock.set(datetime(first.year, first.month, first.day, tzinfo=UTC))
    replay.stock()
    alone = min(ALONE, len(purchases) // 2)
    for people, some in ((1, purchases[:alone]), (PEOPLE, purchases[alone:])):
        _stretch(asked, f"{name}, {people} at once", town, replay, people=people, some=some)
    replay.let_time_pass(lambda: wait_until_quiet(town.audit.events, within_s=QUIET_WITHIN_S))
    return _verdict(asked, name, town, purchases)


def _stretch(
    asked: Asked,
    what: str,
    town: towns.Town,
    replay: Replay,
    *,
    people: int,
    some: Sequence[Purchase],
) -> Run:
    watch = cpu.Stopwatch({"client": cpu.mine, **town.meters})
    before, replay.people = len(replay.walked), people
    with watch.running():
        replay.run(some, tell=lambda _words: None)
    run = watch.run(len(some))
    spent = ", ".join(f"{who} {1_000 * s / run.events:.0f}" for who, s in run.cpu_s.items())
    waits = describe_waits([one.took_s for one in replay.walked[before:]])
    asked.say(f"    {what}: {run.rate:5.1f} orders/s; an order took {waits}")
    asked.say(f"    {'':<8}  CPU ms an order: {spent}")
    return run


def _verdict(
    asked: Asked, name: str, town: towns.Town, purchases: Sequence[Purchase]
) -> list[Floor]:
    booked, should = town.audit.books.sums(), expected(purchases)
    problems = list(town.audit.problems(finished=True))
    asked.say(f"    {name}: the books say {booked}")
    for problem in problems[:10]:
        asked.say(f"        {problem}")
    equal = float(booked == should)
    return [
        Floor(what=f"books equal to the cent, {name}", measured=equal, limit=1.0, unit=""),
        Floor(
            what=f"counter-examples, {name}",
            measured=float(len(problems)),
            limit=1.0,
            unit="",
            less_is_better=True,
        ),
    ]
