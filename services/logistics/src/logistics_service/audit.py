"""Whether logistics' own books agree with each other; asked by the fault tests and by operators."""

from __future__ import annotations

from collections.abc import Iterator

from logistics_service.store.audit import contradictions
from shop_events import Database


def counter_examples(database: Database) -> Iterator[str]:
    """A sentence for each counter-example to our rules, from this database alone.

    Counters are the sums of their movements; what is held and allocated is what reservations
    claim; consumed units are those that left in parcels, each parcel once, and no more than were
    ordered; nothing is reserved for an order that was not placed or is cancelled.
    """
    with database.read() as connection:
        yield from contradictions(connection)
