"""A parcel changes hands without a carrier: the buyer fetched it, or our own people brought it."""

from __future__ import annotations

import hmac
from enum import StrEnum

from logistics_service.domain.errors import NotByHand, WrongPickUpCode
from logistics_service.domain.fulfilment import Fulfilment
from logistics_service.domain.parcel import ENDED, Label, Parcel
from logistics_service.domain.trace import Note, Sighting, Trace
from logistics_service.domain.way import BY_HAND, Way, internal_number
from logistics_service.store import fulfilments, orders
from logistics_service.usecases.follow_parcel import follow_parcel
from logistics_service.usecases.own_shipment import lock_own
from logistics_service.usecases.pack_parcel import pack
from logistics_service.usecases.ship_parcel import leave
from shop_events import Tx


class Outcome(StrEnum):
    """What became of it at the counter or at the door."""

    DELIVERED = "delivered"
    REFUSED = "refused"  # the goods are back at once, with whoever carried them


# Seen one after the other; where it was refused nobody drives twice.
_SEEN = {
    Outcome.DELIVERED: (Sighting.SIGNED,),
    Outcome.REFUSED: (Sighting.REFUSED, Sighting.RETURNED_TO_SENDER),
}


def hand_over(
    tx: Tx, shipment_id: str, *, merchant_id: str, code: str | None, outcome: Outcome
) -> Parcel:
    """The merchant says that the buyer has the goods, or did not want them.

    Publishes ParcelPacked and ParcelShipped where that was not yet said, StockLevelChanged,
    ParcelTraceAdded and ParcelDelivered (CashCollected where it was paid now), or ParcelRefused
    and ParcelReturned. Told again it changes nothing. ``code`` is what the buyer showed; without
    one the merchant's word alone is kept, and the trace says so.

    Raises:
        ShipmentNotFound: there is none, or it is another merchant's.
        NotByHand: a carrier brings it.
        WrongPickUpCode: this is not the buyer's code.
        whatever `choose_parcel` raises of a parcel that cannot leave.
    """
    fulfilment = lock_own(tx, shipment_id, merchant_id)
    way = orders.way(tx.connection, fulfilment.order_id)
    if way not in BY_HAND:
        raise NotByHand(shipment_id)
    parcel = fulfilment.parcel_to_ship(shipment_id)
    if parcel is None:
        parcel = pack(tx, fulfilment)
        fulfilment = fulfilments.get(tx.connection, fulfilment.id)
    if parcel.gone and parcel.carrier not in BY_HAND:
        raise NotByHand(shipment_id)
    if parcel.state in ENDED:
        return parcel
    if code is not None and not hmac.compare_digest(code.encode(), _code_of(parcel).encode()):
        raise WrongPickUpCode(shipment_id)
    gone = _leave(tx, fulfilment, parcel, way)
    for state in _SEEN[outcome]:
        follow_parcel(tx, gone.waybill or "", _sighting(tx, gone, state, shown=code is not None))
    return fulfilments.get(tx.connection, gone.id).parcel(gone.id)


def _leave(tx: Tx, fulfilment: Fulfilment, parcel: Parcel, way: Way) -> Parcel:
    if parcel.gone:
        return parcel
    label = Label(carrier=way.value, waybill=internal_number(parcel.id))
    return leave(tx, fulfilment, parcel.id, label).parcel(parcel.id)


def _sighting(tx: Tx, parcel: Parcel, state: Sighting, *, shown: bool) -> Trace:
    return Trace(
        carrier=parcel.carrier or "",
        event_id=f"{parcel.id}:{state}",
        state=state,
        place="",
        at=tx.now,
        code="code_shown" if shown else "no_code",
        note=Note.HANDED_OVER if state is Sighting.SIGNED else None,
    )


def _code_of(parcel: Parcel) -> str:
    return parcel.pick_up_code or ""
