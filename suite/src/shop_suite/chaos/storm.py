"""Random kills of random processes while people buy; afterwards nothing may be missing."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from shop_suite.audit.quiet import NeverQuiet, wait_until_quiet
from shop_suite.caller import Refused
from shop_suite.chaos.newcomers import has_all_services, newcomer
from shop_suite.chaos.stories import (
    HURRIES,
    HURRY_AFTER_S,
    UNPAID_IS_OVER,
    bought,
    left_unpaid,
    thought_better,
)
from shop_suite.chaos.ways import Way
from shop_suite.first_purchase import NeverCame
from shop_suite.replay import UNTIL_THE_BANK_IS_ASKED
from shop_suite.road import NotSettled

PEOPLE: Final = 3
PAUSE_S: Final = (0.5, 3.0)  # between two kills

# A call to the bank that was cut off is taken up again after a minute: time runs a little faster.
HURRY: Final = timedelta(seconds=3)
STORIES: Final = (bought, bought, bought, left_unpaid, thought_better)
Story = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Storm:
    """What came of it."""

    way: str
    seed: int
    kills: dict[str, int]
    stories: int
    problems: tuple[str, ...]


def storm(way: Way, *, kills: int, seed: int, tell: Callable[[str], None]) -> Storm:
    """Kill ``kills`` times, chosen by ``seed``, while people walk; then wait and look."""
    chosen = random.Random(seed)
    over = threading.Event()
    count: Counter[str] = Counter()
    problems: list[str] = []
    with ThreadPoolExecutor(PEOPLE) as people:
        walks = [
            people.submit(
                _walk_until, over, _stories(way, number), random.Random(f"{seed}:{number}")
            )
            for number in range(PEOPLE)
        ]
        for number in range(kills):
            over.wait(chosen.uniform(*PAUSE_S))
            victim = chosen.choice(way.victims())
            way.kill(victim)
            way.clock.advance(HURRY)
            count[victim] += 1
            if (number + 1) % 25 == 0:
                tell(f"{way.name}: {number + 1} of {kills} kills")
        over.set()
        for _ in range(HURRIES):
            if not wait(walks, timeout=HURRY_AFTER_S).not_done:
                break
            way.clock.advance(UNTIL_THE_BANK_IS_ASKED)
        stories = 0
        for walk in walks:
            walked, trouble = walk.result()
            stories += walked
            problems += trouble
    return Storm(
        way=way.name,
        seed=seed,
        kills=dict(count),
        stories=stories,
        problems=(*problems, *_look(way)),
    )


def _stories(way: Way, number: int) -> tuple[Story, ...]:
    """What one of the people does: the first of them buys for the first time, again and again.

    Only one does: who misses a mail lets time pass, and two would outlive each other's quotes.
    """
    if number == 0 and has_all_services(way):
        return (partial(newcomer, way),)
    return tuple(partial(story, way.road()) for story in STORIES)


def _walk_until(
    over: threading.Event, stories: Sequence[Story], chosen: random.Random
) -> tuple[int, list[str]]:
    """Walk one story after the other; how many, and which did not come to their end."""
    walked = 0
    problems: list[str] = []
    while not over.is_set():
        try:
            chosen.choice(stories)()
        except (NeverCame, NotSettled, Refused) as error:
            problems.append(str(error))
        walked += 1
    return walked, problems


def _look(way: Way) -> list[str]:
    way.clock.advance(UNPAID_IS_OVER)
    try:
        wait_until_quiet(way.audit.events)
    except NeverQuiet as error:
        return [str(error)]
    return list(way.audit.problems())
