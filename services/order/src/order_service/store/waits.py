"""The deadlines that are set, for looking at them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from shop_events.tables import deadlines


def set_for(
    connection: Connection, keys: Sequence[str]
) -> Mapping[str, list[tuple[str, datetime]]]:
    """Kind and due time of the deadlines of each of these keys."""
    found: defaultdict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for row in connection.execute(select(deadlines).where(deadlines.c.key.in_(keys))):
        found[row.key].append((row.kind, row.due_at))
    return found
