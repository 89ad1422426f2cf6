"""What the buyer counted in a parcel: what is good, and what is not (FEATURES 92).

Good units settle and start the return window. What is short or damaged is a claim: it stays open
and does neither, until an after-sales case resolves it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from order_service.domain.errors import NotInParcel
from order_service.domain.parcel import Parcel
from order_service.domain.units import Run, Units, count


class Condition(StrEnum):
    """How units arrived."""

    GOOD = "good"
    DAMAGED = "damaged"


class ClaimKind(StrEnum):
    """What is wrong with units."""

    SHORT = "short"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """So many units of a line arrived in this condition."""

    order_line_id: str
    received: int
    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Units of a line, in a parcel, that are not as they should be."""

    parcel_id: str
    line_id: str
    kind: ClaimKind
    runs: tuple[Run, ...]


def split(parcel: Parcel, counted: Sequence[Counted]) -> tuple[Units, list[Claim]]:
    """The units that are good, and claims for the others. Lines that were not counted are good.

    The units with the lowest numbers are the good ones, then the damaged, then the missing.

    Raises:
        NotInParcel: more was counted than the parcel held, or a line that is not in it.
    """
    by_line: defaultdict[str, Counter[Condition]] = defaultdict(Counter)
    for one in counted:
        by_line[one.order_line_id][one.condition] += one.received
    _must_fit(parcel, counted, by_line)
    good, claims = dict(parcel.units), []
    for line_id, found in by_line.items():
        runs = parcel.units[line_id]
        good[line_id], rest = _cut(runs, found[Condition.GOOD])
        damaged, short = _cut(rest, found[Condition.DAMAGED])
        for kind, wrong in ((ClaimKind.DAMAGED, damaged), (ClaimKind.SHORT, short)):
            if count(wrong):
                claims.append(Claim(parcel_id=parcel.id, line_id=line_id, kind=kind, runs=wrong))
    return good, claims


def _must_fit(
    parcel: Parcel, counted: Sequence[Counted], by_line: dict[str, Counter[Condition]]
) -> None:
    wrong = {}
    for place, one in enumerate(counted):
        held = count(parcel.units.get(one.order_line_id, ()))
        if not held:
            wrong[f"lines.{place}.order_line_id"] = ["The parcel holds nothing of this line."]
        elif by_line[one.order_line_id].total() > held:
            wrong[f"lines.{place}.received"] = [f"The parcel held {held} of this line."]
    if wrong:
        raise NotInParcel(parcel.id, wrong)


def _cut(runs: Iterable[Run], wanted: int) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """The first ``wanted`` units of the runs, and the rest."""
    first, rest = [], []
    for run in runs:
        taken = min(run.count, wanted)
        wanted -= taken
        if taken:
            first.append(Run(taken, run.first))
        if run.count > taken:
            start = None if run.first is None else run.first + taken
            rest.append(Run(run.count - taken, start))
    return tuple(first), tuple(rest)
