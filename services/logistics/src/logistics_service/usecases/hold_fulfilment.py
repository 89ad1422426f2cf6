"""A merchant stops a fulfilment, or lets it go on."""

from __future__ import annotations

from logistics_service.domain.fulfilment import Fulfilment
from logistics_service.store import fulfilments
from logistics_service.usecases.own_shipment import lock_own
from shop_events import Tx


def hold_fulfilment(tx: Tx, fulfilment_id: str, *, merchant_id: str, on: bool) -> Fulfilment:
    """Stop it (``on``), so that nothing of it is packed or shipped, or let it go on.

    Other merchants' parcels of the same order go on. Doing it twice changes nothing.

    Raises:
        ShipmentNotFound: there is none, or it is another merchant's.
        IllegalTransition: everything in it was shipped or cancelled.
    """
    fulfilment = lock_own(tx, fulfilment_id, merchant_id)
    changed = fulfilment.hold(on=on)
    fulfilments.save(tx.connection, fulfilment, changed)
    return changed
