"""People who buy while things break."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

from shop_suite.caller import Refused
from shop_suite.chaos.stories import bought, left_unpaid, thought_better
from shop_suite.road import NotSettled, Road
from tests.support import eventually

PEOPLE = 3
STORIES = (bought, bought, left_unpaid, thought_better)


@dataclass
class Crowd:
    """How far they came, and what they complain of."""

    walked: int = 0
    trouble: list[str] = field(default_factory=list)

    def until_walked(self, more: int) -> None:
        """Wait until so many more stories have come to their end."""
        wanted = self.walked + more
        eventually(lambda: self.walked >= wanted or self.trouble, within_s=180)
        assert not self.trouble, "\n".join(self.trouble)


@contextmanager
def crowd(road: Road, *, people: int = PEOPLE) -> Iterator[Crowd]:
    """So many people walk one story after the other while the block lasts.

    Raises:
        AssertionError: one of their stories did not come to its end.
    """
    told, over, lock = Crowd(), threading.Event(), threading.Lock()

    def walk(number: int) -> None:
        chosen = random.Random(number)
        while not over.is_set():
            try:
                chosen.choice(STORIES)(road)
            except (NotSettled, Refused) as error:
                told.trouble.append(str(error))
            with lock:
                told.walked += 1

    with ThreadPoolExecutor(people) as pool:
        walks = [pool.submit(walk, number) for number in range(people)]
        try:
            yield told
        finally:
            over.set()
    for one in walks:
        one.result()
    assert not told.trouble, "\n".join(told.trouble)


def in_parallel(works: Sequence[object], *, at_once: int = 16) -> list[object]:
    """Call them all, so many at once; their results in the same order."""
    with ThreadPoolExecutor(at_once) as pool:
        return [one.result() for one in [pool.submit(work) for work in works]]  # type: ignore[arg-type]


@contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    """The block must be over in time.

    Raises:
        AssertionError: it was not.
    """
    started = monotonic()
    yield
    took = monotonic() - started
    assert took < seconds, f"It took {took:.1f} s, not {seconds} s at most."
