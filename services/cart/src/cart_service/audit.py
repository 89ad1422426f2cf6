"""Whether cart's own books agree with each other; asked by the fault tests and by operators.

with database.read() as connection:
    found = list(problems(connection, now=clock.now()))     # empty: all is well
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from cart_service.store.audit import contradictions
from cart_service.usecases.times import GUEST_UNUSED_FOR
from shop_events.sql import Connection

# The sweep comes every hour, and a machine may have been switched off.
LATE_AFTER: Final = timedelta(days=1)


def problems(connection: Connection, *, now: datetime) -> Iterator[str]:
    """A sentence for each counter-example to our rules, from this database alone.

    A cart has at most 100 lines, one for a SKU that catalog told of, each of 1 to 99 units; what
    was removed is gone; guests' carts go after 30 days.
    """
    yield from contradictions(connection, unused_since=now - GUEST_UNUSED_FOR - LATE_AFTER)
