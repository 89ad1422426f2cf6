"""What happened to an order, written with it. The order's row is locked already."""

from __future__ import annotations

from sqlalchemy import Connection, select

from order_service.domain.happening import Happening, Kind
from order_service.store import texts
from order_service.store.tables import order_timeline
from shop_events.sql import insert_once


def add(connection: Connection, order_id: str, happening: Happening) -> bool:
    """Write it down; False when that thing is known already."""
    row = {
        "order_id": order_id,
        "kind": happening.kind,
        "key": happening.key[:160],
        "at": happening.at,
        "params": texts.written(happening.params),
        "trace_id": happening.trace_id,
    }
    return insert_once(connection, order_timeline, row)


def of_order(connection: Connection, order_id: str) -> list[Happening]:
    """All that happened, in the order in which it happened."""
    query = select(order_timeline).where(order_timeline.c.order_id == order_id)
    rows = connection.execute(query.order_by(order_timeline.c.at, order_timeline.c.position))
    return [
        Happening(
            kind=Kind(row.kind),
            key=row.key,
            at=row.at,
            params=texts.plain(row.params),
            trace_id=row.trace_id,
        )
        for row in rows
    ]
