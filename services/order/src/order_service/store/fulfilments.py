"""What logistics said of an order's fulfilments. The order's row is locked already."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from order_service.domain.fulfilment import Fact, Said
from order_service.store import parts
from order_service.store.tables import order_fulfilments
from shop_events.sql import insert_once


def hear(connection: Connection, order_id: str, said: Said) -> bool:
    """Remember the fact; False when it is known already."""
    values = {"fulfilment_id": said.fulfilment_id, "fact": said.fact, "order_id": order_id}
    return insert_once(connection, order_fulfilments, values)


def of_orders(connection: Connection, order_ids: Sequence[str]) -> dict[str, list[Said]]:
    """All that was said, by order."""
    rows = parts.of_orders(connection, order_fulfilments, order_ids)
    return {
        order_id: [
            Said(fulfilment_id=row.fulfilment_id, fact=Fact(row.fact)) for row in rows[order_id]
        ]
        for order_id in order_ids
    }
