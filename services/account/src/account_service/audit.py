"""Whether account's own books agree; asked by the fault tests and by operators.

with database.read() as connection:
    found = list(problems(connection, now=clock.now()))     # empty: all is well
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from account_service.store.checks import contradictions
from shop_events.sql import Connection


def problems(connection: Connection, *, now: datetime) -> Iterator[str]:
    """A sentence for each counter-example to our rules, from this database alone.

    Whoever was shut out is signed in nowhere, and nobody in a role that they do not have; of a
    session's refresh tokens one counts; an address book has one default and fifty pages at most.
    It names ids alone.
    """
    yield from contradictions(connection, now=now)
