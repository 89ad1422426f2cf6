"""Whose a shipment is: a foreign one answers exactly like a missing one."""

from __future__ import annotations

from logistics_service.domain.fulfilment import Fulfilment
from logistics_service.domain.viewer import Viewer
from logistics_service.store import fulfilments
from shop_events import Tx


def lock_own(tx: Tx, shipment_id: str, merchant_id: str) -> Fulfilment:
    """The merchant's fulfilment of this id, or of the parcel of this id, locked.

    Raises:
        ShipmentNotFound: there is none, or it is another merchant's.
    """
    return fulfilments.lock(tx.connection, shipment_id, Viewer(merchant_id=merchant_id))
