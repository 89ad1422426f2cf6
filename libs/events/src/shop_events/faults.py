"""Named places where a test may make a process fail.

``EVENTS_FAIL=consumer.after_commit:3:kill`` ends the process with SIGKILL the third time it
passes that point; ``consumer.after_commit@order:3:kill`` counts the order service's passes alone;
``:raise`` raises `Injected` there instead (the effect happened, the answer is lost). Several are
joined by commas. ``EVENTS_FAIL_FILE`` names a file with such a wording instead, which a test may
write while the process runs; a fault that fires leaves it, so that the process which is started
next is spared. In production neither is set and a point costs one comparison.
"""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

VARIABLE: Final = "EVENTS_FAIL"
FILE_VARIABLE: Final = "EVENTS_FAIL_FILE"

# Every point there is, in the order an event meets them. A test walks this list.
POINTS: Final = (
    "tx.before_commit",
    "tx.after_commit",
    "relay.before_publish",
    "relay.after_publish",  # inside the broker's client, which knows no service
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
    """The wording of a fault is not ``point[@service]:nth:kill`` or ``…:raise``."""


@dataclass
class _Fault:
    point: str
    service: str  # "" for any
    remaining: int
    action: str
    wording: str


_WORDING: Final = re.compile(
    r"(?P<point>[a-z_.]+)(?:@(?P<service>[a-z]+))?:(?P<nth>[1-9]\d*):(?P<action>kill|raise)"
)

_lock = threading.Lock()
_armed: list[_Fault] = []
_file: Path | None = None
_file_seen = ""
_file_stamp: tuple[int, ...] = ()  # of the file as it was read last


def arm(wording: str) -> None:
    """Set the faults of this process, replacing earlier ones; ``""`` disarms.

    Raises:
        NotAFault: a point is unknown, the count is not above zero, or the action is neither.
    """
    faults = [_parse(part) for part in wording.split(",") if part]
    with _lock:
        _armed[:] = faults


def point(name: str, service: str = "") -> None:
    """``service`` passes the point ``name``: nothing happens, unless a test armed a fault there."""
    if not _armed and _file is None:
        return
    with _lock:
        _look_at_file()
        here = [f for f in _armed if f.point == name and f.service in ("", service)]
        due = [fault for fault in here if _counts_down(fault)]
        if due:
            _leave_file(due[0])
    if due and due[0].action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if due:
        raise Injected(f"A test asked for a fault at {name}.")


def take_from(environ: Mapping[str, str]) -> None:
    """Set the faults that this environment asks for, replacing earlier ones.

    Raises:
        NotAFault: see `arm`.
    """
    arm(environ.get(VARIABLE, ""))
    watch(Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else None)


def watch(path: Path | None) -> None:
    """Take faults from this file from now on, whenever its text changes."""
    global _file, _file_seen, _file_stamp
    with _lock:
        _file, _file_seen, _file_stamp = path, "", ()


def _look_at_file() -> None:
    """Points are passed a thousand times a second: the file is read when it was written."""
    global _file_seen, _file_stamp
    if _file is None or (stamp := _stamp_of(_file)) == _file_stamp:
        return
    wording = _file.read_text() if stamp else ""
    if wording != _file_seen:
        _file_seen = wording
        _armed[:] = [_parse(part) for part in wording.split(",") if part]
    _file_stamp = stamp


def _stamp_of(file: Path) -> tuple[int, ...]:
    """Changes whenever the file is written; empty where there is none."""
    try:
        told = file.stat()
    except FileNotFoundError:
        return ()
    return (told.st_mtime_ns, told.st_size, told.st_ino)


def _leave_file(fired: _Fault) -> None:
    if _file is not None:
        left = _file.read_text().split(",")
        left.remove(fired.wording)
        _file.write_text(",".join(left))


def _counts_down(fault: _Fault) -> bool:
    fault.remaining -= 1
    return fault.remaining == 0


def _parse(wording: str) -> _Fault:
    match = _WORDING.fullmatch(wording.strip())
    if match is None or match["point"] not in POINTS:
        raise NotAFault(f"{wording!r} is not <point>[@service]:<nth>:<kill|raise>, a known point.")
    return _Fault(
        match["point"], match["service"] or "", int(match["nth"]), match["action"], wording
    )


take_from(os.environ)
