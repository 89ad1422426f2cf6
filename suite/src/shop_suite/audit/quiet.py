"""Waiting until the town has nothing left to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from shop_suite.audit.events import EventAudit

LOOK_EVERY_S = 0.1


class NeverQuiet(Exception):
    """The town still had something to do when the time for it was over."""


def wait_until_quiet(audit: EventAudit, *, within_s: float = 120.0) -> None:
    """Return once it was quiet twice in a row.

    Raises:
        NeverQuiet: it was not within ``within_s``; the message has what was missing.
    """
    until = time.monotonic() + within_s
    pause = threading.Event()
    times = 0
    while times < 2:
        times = times + 1 if audit.quiet() else 0
        if time.monotonic() > until:
            missing = "; ".join(_first(audit.unfinished(), 5)) or "a deadline is due"
            raise NeverQuiet(f"Not quiet within {within_s} s: {missing}")
        pause.wait(LOOK_EVERY_S)


def _first(problems: Iterator[str], count: int) -> Iterator[str]:
    for _, problem in zip(range(count), problems, strict=False):
        yield problem
