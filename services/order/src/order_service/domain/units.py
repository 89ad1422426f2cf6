"""Which units of an order's lines are meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """``count`` units of a line, numbered on from ``first`` (from 0); None: whichever are next."""

    count: int
    first: int | None = None


Units = Mapping[str, tuple[Run, ...]]  # by line id


def count(runs: Iterable[Run]) -> int:
    """How many units these are."""
    return sum(run.count for run in runs)


def units_of(runs: Iterable[tuple[str, Run]]) -> Units:
    """The runs, each told with the id of its line, by line."""
    found: dict[str, tuple[Run, ...]] = {}
    for line_id, run in runs:
        found[line_id] = (*found.get(line_id, ()), run)
    return found


def together(parts: Iterable[Units]) -> Units:
    """All units of all parts."""
    return units_of((line_id, run) for part in parts for line_id in part for run in part[line_id])
