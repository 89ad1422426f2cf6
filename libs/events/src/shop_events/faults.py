"""Named places where a test may make a process fail.

``EVENTS_FAIL=consumer.after_commit:3:kill`` ends the process with SIGKILL the third time it
passes that point; ``:raise`` raises `Injected` there instead (the effect happened, the answer is
lost). Several are joined by commas. In production the variable is not set and a point costs one
comparison.
"""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass
from typing import Final

VARIABLE: Final = "EVENTS_FAIL"

# Every point there is, in the order an event meets them. A test walks this list.
POINTS: Final = (
    "tx.before_commit",
    "tx.after_commit",
    "relay.before_publish",
    "relay.after_publish",
    "relay.after_confirm",
    "relay.after_mark",
    "consumer.before_handle",
    "consumer.before_commit",
    "consumer.after_commit",
    "consumer.after_ack",
    "consumer.before_retry",
    "consumer.after_retry",
    "deadline.before_commit",
    "deadline.after_commit",
    "outside.before_call",
    "outside.after_call",
)


class Injected(Exception):
    """A fault asked for by a test."""


class NotAFault(ValueError):
    """The wording of a fault is not ``point:nth:kill`` or ``point:nth:raise``."""


@dataclass
class _Fault:
    point: str
    remaining: int
    action: str


_lock = threading.Lock()
_armed: list[_Fault] = []


def arm(wording: str) -> None:
    """Set the faults of this process, replacing earlier ones; ``""`` disarms.

    Raises:
        NotAFault: a point is unknown, the count is not above zero, or the action is neither.
    """
    faults = [_parse(part) for part in wording.split(",") if part]
    with _lock:
        _armed[:] = faults


def point(name: str) -> None:
    """Pass the point ``name``: nothing happens, unless a test armed a fault there."""
    if not _armed:
        return
    with _lock:
        due = [fault for fault in _armed if fault.point == name and _counts_down(fault)]
    for fault in due:
        if fault.action == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise Injected(f"A test asked for a fault at {name}.")


def _counts_down(fault: _Fault) -> bool:
    fault.remaining -= 1
    return fault.remaining == 0


def _parse(wording: str) -> _Fault:
    match wording.strip().split(":"):
        case [name, nth, ("kill" | "raise") as action] if name in POINTS and nth.isdigit():
            if int(nth) > 0:
                return _Fault(name, int(nth), action)
    raise NotAFault(f"{wording!r} is not <point>:<nth>:<kill|raise> with a known point.")


arm(os.environ.get(VARIABLE, ""))
