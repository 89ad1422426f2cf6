"""Order told where an order's parcels go."""

from __future__ import annotations

from dataclasses import replace

from logistics_service.domain.order import Destination
from logistics_service.store import orders
from shop_events import Tx


def note_destination(tx: Tx, order_id: str, destination: Destination) -> None:
    """Remember who gets the parcels and where; before the order is known, or after."""
    known = orders.lock(tx.connection, order_id)
    orders.save(tx.connection, known, replace(known, destination=destination))
