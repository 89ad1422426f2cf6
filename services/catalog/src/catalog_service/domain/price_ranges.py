"""From what to what things cost: few ranges with edges that people would choose themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MOST: Final = 10
# Minor units: 1.00, 1.50, 2.00, 3.00, 5.00, 7.00, 10.00 and so on to 700,000.00.
EDGES: Final = tuple(
    lead * 10**power for power in range(6) for lead in (100, 150, 200, 300, 500, 700)
)


@dataclass(frozen=True, slots=True)
class Range:
    """Prices from ``low`` to ``high``, both in it, in minor units; None: however high."""

    low: int
    high: int | None


def few_ranges(counts: Mapping[int, int]) -> list[tuple[Range, int]]:
    """At most ten ranges that hold everything counted, none empty, from the cheapest on.

    ``counts``: how many things cost less than ``EDGES[key]``, and not less than the edge before.
    Where that would be more ranges, those two neighbours are one that hold the least together.
    """
    held = [(_range(key), counts[key]) for key in sorted(counts)]
    while len(held) > MOST:
        at = min(range(len(held) - 1), key=lambda n: held[n][1] + held[n + 1][1])
        (first, few), (second, more) = held[at : at + 2]
        held[at : at + 2] = [(Range(first.low, second.high), few + more)]
    return held


def _range(key: int) -> Range:
    low = EDGES[key - 1] if key else 0
    return Range(low, EDGES[key] - 1 if key < len(EDGES) else None)
