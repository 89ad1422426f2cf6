"""Every step x service once: the process is killed there, comes again, and nothing is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shop_events.faults import POINTS
from shop_suite.audit.quiet import NeverQuiet
from shop_suite.caller import Refused
from shop_suite.chaos.stories import one_of_each
from shop_suite.chaos.ways import Kill, Way
from shop_suite.first_purchase import NeverCame
from shop_suite.road import NotSettled
from shop_suite.services import NAMES, ROAD

# Retries do not happen in a story that goes well; their points are passed in the library's tests.
_ELSEWHERE: Final = frozenset({"consumer.before_retry", "consumer.after_retry"})
# Who passes a point in the stories; everybody who hears events passes those of a consumer.
_ASKED: Final = (*ROAD, "account", "catalog", "cart", "notification")
_SAYING: Final = (*ROAD, "account", "catalog", "cart")
_WHO: Final = {
    "tx": _ASKED,
    "relay": _SAYING,
    "consumer": NAMES,
    "deadline": ("order", "account"),
    "outside": ("payment", "logistics", "notification"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One kill."""

    way: str
    kill: Kill
    fired: bool
    problems: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether the process was killed there, and nothing was lost by it."""
        return self.fired and not self.problems


def rows() -> dict[str, tuple[str, ...]]:
    """Every point, with the services that pass it in a town of all nine."""
    return {point: _WHO[point.split(".")[0]] for point in POINTS if point not in _ELSEWHERE}


def kill_at(way: Way, kills: Sequence[Kill]) -> list[Cell]:
    """Walk the stories with these services killed at these points, and look what is wrong then.

    A cell for each of the kills. What is wrong is told in all of them: it is one town.
    """
    way.arm(kills)
    problems: tuple[str, ...]
    try:
        one_of_each(way)
        problems = tuple(way.audit.problems())
    except (NeverCame, NeverQuiet, NotSettled, Refused) as error:
        problems = (str(error),)
    fired = way.fired()
    return [Cell(way=way.name, kill=kill, fired=kill in fired, problems=problems) for kill in kills]


def walk_matrix(way: Way) -> Iterator[Cell]:
    """All cells on one way to run, one after the other in the same town."""
    for point, services in rows().items():
        for service in services:
            yield from kill_at(way, [Kill(point, service)])
