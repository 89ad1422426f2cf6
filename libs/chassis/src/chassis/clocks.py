"""Which clock a process goes by."""

from __future__ import annotations

from pathlib import Path

from shop_events.clock import Clock, SystemClock
from shop_events.dev_clock import SharedClock

__all__ = ["Clock", "clock_for"]


def clock_for(dev_clock_file: Path | None) -> Clock:
    """The machine's clock; in a development shop the one that all its processes share."""
    return SystemClock() if dev_clock_file is None else SharedClock(dev_clock_file)
