"""What work costs in processor time, of this process and of others (Linux reads them in /proc)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from shop_suite.bench.figures import Run
from shop_suite.servers.tree import family

Meters = Mapping[str, Callable[[], float]]


def mine() -> float:
    """Seconds that this process has spent, in the system and outside it."""
    return time.process_time()


def of_tree(pid: int) -> float:
    """Seconds that ``pid`` and all that came from it have spent; NaN where /proc is not there."""
    if not Path("/proc/self/stat").exists():
        return float("nan")
    return sum(map(_of_one, family(pid)))


class Stopwatch:
    """Runs while the block lasts; then `run` says what it saw."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters
        self._spent: dict[str, float] = {}
        self._took_s = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure the block."""
        before = {who: read() for who, read in self._meters.items()}
        started = time.monotonic()
        yield
        self._took_s = time.monotonic() - started
        self._spent = {who: read() - before[who] for who, read in self._meters.items()}

    def run(self, events: int) -> Run:
        """What ``events`` took."""
        return Run(events=events, took_s=self._took_s, cpu_s=self._spent)


def _of_one(pid: int) -> float:
    """Its own ticks, and those of its children that have ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, stat[11:15])) / os.sysconf("SC_CLK_TCK")
