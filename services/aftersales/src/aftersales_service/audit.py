"""Whether aftersales' own books agree; asked by the fault tests and by operators."""

from __future__ import annotations

from collections.abc import Iterator

from aftersales_service.store.audit import contradictions
from shop_events.sql import Connection


def problems(connection: Connection) -> Iterator[str]:
    """A sentence for each counter-example to our rules, from this database alone.

    No more is delivered than was ordered, and nothing else; nothing is kept of who was erased.
    """
    yield from contradictions(connection)
