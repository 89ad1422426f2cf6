"""Waiting on a condition, with a deadline."""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import TypeVar

Found = TypeVar("Found")


def eventually(
    condition: Callable[[], Found],
    *,
    within_s: float = 10.0,
    message: str | Callable[[], str] = "",
    every_s: float = 0.02,
) -> Found:
    """Wait until ``condition()`` is true, and return what it gave.

    An AssertionError inside the condition counts as "not yet", so a condition may assert.
    ``message`` may be a function, so that it can tell what *was* seen.

    Raises:
        AssertionError: it was still not true after ``within_s`` seconds.
    """
    deadline = monotonic() + within_s
    pause = Event()
    while True:
        found, complaint = _ask(condition)
        if found:
            return found
        if monotonic() > deadline:
            said = message() if callable(message) else message
            reason = said or complaint or f"the last answer was {found!r}"
            raise AssertionError(f"Not within {within_s} s: {reason}")
        pause.wait(every_s)


def _ask(condition: Callable[[], Found]) -> tuple[Found | None, str]:
    try:
        return condition(), ""
    except AssertionError as not_yet:
        return None, str(not_yet)
