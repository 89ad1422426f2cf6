"""Whether review's own books agree; asked by the fault tests and by operators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from review_service.store.audit import contradictions
from shop_events.sql import Connection

# A handler that fails is tried again after ten minutes at the latest (shop_events.deadlines).
LATE_AFTER: Final = timedelta(minutes=15)


def problems(connection: Connection, *, now: datetime) -> Iterator[str]:
    """A sentence for each counter-example to our rules, from this database alone.

    A closed order has no lines and was completed; every completed one is closed in time; nothing
    is kept of who was erased.
    """
    yield from contradictions(connection, late=now - LATE_AFTER)
