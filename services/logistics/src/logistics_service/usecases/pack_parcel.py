"""A merchant closes a box."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from logistics_service.domain.fulfilment import Fulfilment
from logistics_service.domain.parcel import Parcel
from logistics_service.domain.way import BY_HAND
from logistics_service.store import fulfilments, orders
from logistics_service.usecases import messages
from logistics_service.usecases.own_shipment import lock_own
from shop_events import Tx

PICK_UP_DIGITS: Final = 6


def pack_parcel(
    tx: Tx, shipment_id: str, *, merchant_id: str, units: Mapping[str, int] | None = None
) -> Parcel:
    """Pack these ``units`` by line id, or all that is left. Publishes ParcelPacked.

    Raises:
        ShipmentNotFound: there is none, or it is another merchant's.
        FulfilmentOnHold: the merchant stopped it.
        NothingToPack: nothing is left.
        NotPackable: more was asked for than is left.
    """
    return pack(tx, lock_own(tx, shipment_id, merchant_id), units=units)


def pack(tx: Tx, fulfilment: Fulfilment, *, units: Mapping[str, int] | None = None) -> Parcel:
    """The same, of a fulfilment whose row is locked.

    A parcel that is handed over by the merchant has a code which its buyer alone is shown.
    """
    parcel_id, code = tx.new_id(), None
    if orders.way(tx.connection, fulfilment.order_id) in BY_HAND:
        code = f"{secrets.randbelow(10**PICK_UP_DIGITS):0{PICK_UP_DIGITS}}"
    changed = fulfilment.pack(parcel_id, tx.now, units=units, pick_up_code=code)
    fulfilments.save(tx.connection, fulfilment, changed)
    parcel = changed.parcel(parcel_id)
    tx.publish(messages.packed(parcel))
    return parcel
