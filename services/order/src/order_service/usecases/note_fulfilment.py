"""Logistics began to work on a merchant's part of an order."""

from __future__ import annotations

from order_service.domain.fulfilment import Fact, Said
from order_service.domain.happening import Kind
from order_service.store import fulfilments, orders
from order_service.usecases.tell import tell
from shop_events import Tx


def note_fulfilment(tx: Tx, order_id: str, fulfilment_id: str) -> None:
    """Remember the fulfilment, also if it was cancelled first. Idempotent on its id."""
    orders.lock(tx.connection, order_id)
    said = Said(fulfilment_id=fulfilment_id, fact=Fact.CREATED)
    if fulfilments.hear(tx.connection, order_id, said):
        tell(tx, order_id, Kind.PREPARING, key=fulfilment_id)
