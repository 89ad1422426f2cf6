"""A parcel leaves: say which, draw a waybill, write it down. The carrier is called in between.

Each half is a transaction of its own, because nobody waits for a carrier inside one (DOMAIN.md
P4). If the process dies between them, shipping again finds the same parcel, and the carrier the
same waybill.
"""

from __future__ import annotations

from dataclasses import replace

from logistics_service.domain.errors import (
    CarrierDoesNotAnswer,
    UnknownCarrier,
    WaybillTaken,
)
from logistics_service.domain.parcel import Parcel, ParcelState
from logistics_service.domain.stock import MovementType
from logistics_service.outside.carrier import Carriers, CarrierUnavailable, Contract
from logistics_service.store import fulfilments
from logistics_service.usecases import messages, times
from logistics_service.usecases.move_units import move_units
from logistics_service.usecases.own_shipment import lock_own
from logistics_service.usecases.pack_parcel import pack
from shop_events import Tx, faults


def choose_parcel(tx: Tx, shipment_id: str, *, merchant_id: str) -> Parcel:
    """Which parcel leaves, by its own id or its fulfilment's; if nothing is packed yet, all is.

    Publishes ParcelPacked then.

    Raises:
        ShipmentNotFound: there is none, or it is another merchant's.
        SeveralParcels: the fulfilment has several, and one must be named.
        FulfilmentOnHold: the merchant stopped it.
        NothingToPack: nothing is left in the fulfilment.
        IllegalTransition: the parcel was cancelled.
    """
    fulfilment = lock_own(tx, shipment_id, merchant_id)
    parcel = fulfilment.parcel_to_ship(shipment_id) or pack(tx, fulfilment)
    if not parcel.gone:
        fulfilment.must_not_be_on_hold()
        parcel.to(ParcelState.SHIPPED, tx.now)
    return parcel


def must_know(carriers: Carriers, carrier: str) -> Contract:
    """Our contract with this carrier.

    Raises:
        UnknownCarrier: there is none.
    """
    contract = carriers.contracts.get(carrier)
    if contract is None:
        raise UnknownCarrier(carrier, carriers.contracts)
    return contract


def draw_waybill(carriers: Carriers, carrier: str, parcel_id: str) -> str:
    """A waybill from the carrier; called outside of any transaction.

    Raises:
        UnknownCarrier: we do not work with it.
        CarrierDoesNotAnswer: try again; the parcel gets one waybill however often.
    """
    contract = must_know(carriers, carrier)
    faults.point("outside.before_call", "logistics")
    try:
        waybill = contract.carrier.book(parcel_id)
    except CarrierUnavailable as error:
        raise CarrierDoesNotAnswer(carrier, parcel_id) from error
    faults.point("outside.after_call", "logistics")
    return waybill


def record_shipped(
    tx: Tx, parcel_id: str, *, merchant_id: str, carrier: str, waybill: str
) -> Parcel:
    """The carrier has it: its goods leave the stock. Publishes ParcelShipped, StockLevelChanged.

    Told again with the same waybill, it changes nothing.

    Raises:
        WaybillTaken: another parcel has that waybill, or this one has another.
        FulfilmentOnHold: the merchant stopped it.
        IllegalTransition: the parcel was cancelled meanwhile; a waybill drawn for it stays unused.
    """
    fulfilment = lock_own(tx, parcel_id, merchant_id)
    parcel = fulfilment.parcel(parcel_id)
    if parcel.gone and (parcel.carrier, parcel.waybill) == (carrier, waybill):
        return parcel
    named = replace(parcel, carrier=carrier, waybill=waybill)
    if parcel.gone or fulfilments.is_taken(tx.connection, named):
        raise WaybillTaken(carrier, waybill)
    changed = fulfilment.ship(named, tx.now)
    fulfilments.save(tx.connection, fulfilment, changed)
    move_units(
        tx,
        MovementType.SHIPPED,
        parcel.lines,
        warehouse_id=fulfilment.warehouse_id,
        cause=f"parcel:{parcel_id}",
    )
    tx.schedule(times.SILENT_PARCEL, parcel_id, tx.now + times.SILENCE)
    tx.publish(messages.shipped(parcel, carrier=carrier, waybill=waybill))
    return changed.parcel(parcel_id)
