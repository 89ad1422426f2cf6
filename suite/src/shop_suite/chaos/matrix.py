"""Every step x service once: the process is killed there, comes again, and nothing is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from shop_events.faults import POINTS
from shop_suite.audit.quiet import NeverQuiet
from shop_suite.caller import Refused
from shop_suite.chaos.stories import one_of_each
from shop_suite.chaos.ways import Way
from shop_suite.road import NotSettled
from shop_suite.services import NAMES

# Retries do not happen in a story that goes well; their points are passed in the library's tests.
_ELSEWHERE: Final = frozenset({"consumer.before_retry", "consumer.after_retry"})
_ONLY: Final = {
    "deadline.before_commit": ("order",),
    "deadline.after_commit": ("order",),
    "outside.before_call": ("payment", "logistics"),
    "outside.after_call": ("payment", "logistics"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One kill."""

    way: str
    point: str
    service: str
    fired: bool
    problems: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether the process was killed there, and nothing was lost by it."""
        return self.fired and not self.problems


def cells() -> list[tuple[str, str]]:
    """Every point with each service that passes it."""
    return [
        (point, service)
        for point in POINTS
        if point not in _ELSEWHERE
        for service in _ONLY.get(point, NAMES)
    ]


def kill_at(way: Way, point: str, service: str, *, nth: int = 1) -> Cell:
    """Walk the stories with ``service`` killed at ``point``, and look what is wrong afterwards."""
    way.arm(point, service, nth=nth)
    problems: tuple[str, ...]
    try:
        one_of_each(way)
        problems = tuple(way.audit.problems())
    except (NeverQuiet, NotSettled, Refused) as error:
        problems = (str(error),)
    return Cell(way=way.name, point=point, service=service, fired=way.fired(), problems=problems)


def walk_matrix(way: Way) -> Iterator[Cell]:
    """All cells on one way to run, one after the other in the same town."""
    for point, service in cells():
        yield kill_at(way, point, service)
