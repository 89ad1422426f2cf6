"""Holding an answer until something came true, for ``Prefer: wait=N`` (RFC 7240).

An answer that is held keeps a thread. At most half of a process's threads hold one, so that nobody
who likes to wait keeps others from being answered; who comes when there is no place is answered
at once, which RFC 7240 section 2 leaves to the server.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from chassis.requests import current_runtime

LOOK_EVERY_S: Final = 0.02


def hold(until: Callable[[], bool], *, within_s: float) -> bool:
    """Wait until ``until`` is true, ``within_s`` at most.

    Returns whether the wish was granted: False where nobody asked to wait, or there was no place.
    """
    places = current_runtime().places_to_wait
    if not within_s or not places.acquire(blocking=False):
        return False
    try:
        deadline = time.monotonic() + within_s
        pause = threading.Event()
        while not until() and time.monotonic() < deadline:
            pause.wait(LOOK_EVERY_S)
    finally:
        places.release()
    return True
