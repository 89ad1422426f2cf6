"""Order told where an order's parcels go."""

from __future__ import annotations

from dataclasses import replace

from logistics_service.domain.order import Destination
from logistics_service.store import orders
from logistics_service.usecases.forget_people import forget_when_due
from shop_events import Tx


def note_destination(tx: Tx, order_id: str, destination: Destination) -> None:
    """Remember who gets the parcels and where; before the order is known, or after.

    An order that has forgotten it does not learn it again.
    """
    known = orders.lock(tx.connection, order_id)
    if known.forgotten:
        return
    orders.save(tx.connection, known, replace(known, destination=destination))
    if known.cancelled:
        forget_when_due(tx, order_id, known.account_id)
