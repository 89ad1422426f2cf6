"""What is measured, and what it must come to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One measured stretch of work; ``cpu_s`` by who spent it."""

    events: int
    took_s: float
    cpu_s: Mapping[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.took_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A figure that must not be missed: at least ``limit``, or below it where less is better."""

    what: str
    measured: float
    limit: float
    unit: str
    less_is_better: bool = False

    @property
    def met(self) -> bool:
        """Whether it holds. What is no number never does."""
        if self.less_is_better:
            return self.measured < self.limit
        return self.measured >= self.limit

    def __str__(self) -> str:
        verdict = "met" if self.met else "MISSED"
        bound = "below" if self.less_is_better else "at least"
        limit = f"{bound} {self.limit:g}{self.unit}"
        return f"{self.what:<58} {self.measured:8.2f}{self.unit:<3} {limit:<15} {verdict}"


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least ``share`` of all do not exceed (nearest rank).

    Raises:
        ValueError: there are no values.
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("A percentile of nothing was asked for.")
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def middle_ratio(over: Sequence[Run], under: Sequence[Run]) -> float:
    """How many times faster one side is: the median over rounds that ran both sides in turn.

    On a machine that is slow by turns the two runs of a round share its mood; the medians of all
    runs of each side may come from different ones.
    """
    return median(one.rate / other.rate for one, other in zip(over, under, strict=True))


def middle_cpu_ms(runs: Sequence[Run]) -> dict[str, float]:
    """The median CPU time an event cost each party, in milliseconds."""
    return {
        who: median(1_000 * run.cpu_s[who] / run.events for run in runs) for who in runs[0].cpu_s
    }


def describe(runs: Sequence[Run]) -> str:
    """The middle of several runs, its range, and what an event cost."""
    rates = [run.rate for run in runs]
    cpu = ", ".join(f"{who} {ms:.2f}" for who, ms in middle_cpu_ms(runs).items())
    return f"{median(rates):7,.0f}/s ({min(rates):,.0f} to {max(rates):,.0f}); CPU ms each: {cpu}"


def describe_waits(waits_s: Sequence[float]) -> str:
    """Half of them, nearly all of them, and how many."""
    p50, p99 = (1_000 * percentile(waits_s, share) for share in (0.5, 0.99))
    return f"p50 {p50:6.1f} ms, p99 {p99:6.1f} ms ({len(waits_s)} samples)"
