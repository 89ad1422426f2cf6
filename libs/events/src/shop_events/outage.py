"""Which errors are the database's own and pass, and how long to wait until they have."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

LONGEST_PAUSE_S: Final = 5.0
_PASSING: Final = ("OperationalError", "InterfaceError", "InternalError")


def is_transient(error: Exception) -> bool:
    """Whether the database itself was at fault: gone, busy, deadlocked."""
    if isinstance(error, NoConnectionFree):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or type(error).__name__ in _PASSING


def takes_no_writes(error: Exception) -> bool:
    """Whether the database answers and cannot write: it is full, or read-only after a failover.

    SQLSTATE class 53 is insufficient resources, 25006 a read-only transaction, class 58 a fault of
    the system below (PostgreSQL manual, appendix A). SQLite has words alone.
    """
    cause = error.orig if isinstance(error, DBAPIError) else None
    state = getattr(cause, "sqlstate", None) or ""
    if state:
        return state == "25006" or state[:2] in ("53", "58")
    words = str(cause or "")
    return "disk is full" in words or "readonly database" in words


def pauses_s() -> Iterator[float]:
    """Growing from a tenth of a second to five, each shortened by chance."""
    pause_s = 0.1
    while True:
        yield pause_s * random.uniform(0.5, 1.0)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
