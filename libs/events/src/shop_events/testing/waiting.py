"""Waiting on conditions with a deadline: no test sleeps and hopes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

PATIENCE_S: Final = 15.0  # a shared machine stalls for seconds; only a failing test waits this long
_LOOK_EVERY_S: Final = 0.02

T = TypeVar("T")


def eventually(look: Callable[[], T], *, within_s: float = PATIENCE_S) -> T:
    """What ``look`` gives as soon as it is true.

    Raises:
        AssertionError: it was not true within ``within_s``; its last value is told.
    """
    deadline = time.monotonic() + within_s
    pause = threading.Event()
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"Not so within {within_s} s; last seen: {seen!r}.")
        pause.wait(_LOOK_EVERY_S)
    return seen
