"""A parcel leaves: say which, draw a waybill, write it down. The carrier is called in between.

Each half is a transaction of its own, because nobody waits for a carrier inside one (DOMAIN.md
P4). If the process dies between them, shipping again finds the same parcel, and the carrier the
same waybill.
"""

from __future__ import annotations

from dataclasses import replace

from logistics_service.domain.errors import CarrierUnclear, NotByCarrier, WaybillTaken
from logistics_service.domain.fulfilment import Fulfilment
from logistics_service.domain.parcel import Label, Parcel, ParcelState
from logistics_service.domain.stock import MovementType
from logistics_service.domain.way import UNTRACED, Way, internal_number
from logistics_service.store import fulfilments, orders
from logistics_service.usecases import messages
from logistics_service.usecases.follow_parcel import listen_for
from logistics_service.usecases.forget_people import forget_when_due
from logistics_service.usecases.move_units import move_units
from logistics_service.usecases.own_shipment import lock_own
from logistics_service.usecases.pack_parcel import pack
from shop_events import Tx


def choose_parcel(tx: Tx, shipment_id: str, *, merchant_id: str, carrier: str | None) -> Parcel:
    """Which parcel leaves, by its own id or its fulfilment's; if nothing is packed yet, all is.

    Its ``carrier`` is who takes it: the one named; or, where the buyer chose post or the
    merchant's own delivery, that, with a waybill of ours. Publishes ParcelPacked if it packs.

    Raises:
        ShipmentNotFound: there is none, or it is another merchant's.
        SeveralParcels: the fulfilment has several, and one must be named.
        FulfilmentOnHold: the merchant stopped it.
        NothingToPack: nothing is left in the fulfilment.
        NotByCarrier: the buyer fetches it.
        CarrierUnclear: a carrier must take it, and none is named.
        IllegalTransition: the parcel was cancelled.
    """
    fulfilment = lock_own(tx, shipment_id, merchant_id)
    parcel = fulfilment.parcel_to_ship(shipment_id)
    if parcel is not None and parcel.gone:
        return parcel
    way = orders.way(tx.connection, fulfilment.order_id)
    if way is Way.PICK_UP:
        raise NotByCarrier(shipment_id)
    if way is Way.CARRIER and carrier is None:
        raise CarrierUnclear(shipment_id)
    parcel = parcel or pack(tx, fulfilment)
    fulfilment.must_not_be_on_hold()
    parcel.to(ParcelState.SHIPPED, tx.now)
    if carrier is not None:
        return replace(parcel, carrier=carrier)
    return replace(parcel, carrier=way.value, waybill=internal_number(parcel.id))


def record_shipped(tx: Tx, parcel_id: str, label: Label, *, merchant_id: str) -> Parcel:
    """The carrier has it: its goods leave the stock. Publishes ParcelShipped, StockLevelChanged.

    Told again with the same waybill, it changes nothing.

    Raises:
        WaybillTaken: another parcel has that waybill, or this one has another.
        FulfilmentOnHold: the merchant stopped it.
        IllegalTransition: the parcel was cancelled meanwhile; a waybill drawn for it stays unused.
    """
    fulfilment = lock_own(tx, parcel_id, merchant_id)
    return leave(tx, fulfilment, parcel_id, label).parcel(parcel_id)


def leave(tx: Tx, fulfilment: Fulfilment, parcel_id: str, label: Label) -> Fulfilment:
    """The same, of a fulfilment whose row is locked."""
    parcel = fulfilment.parcel(parcel_id)
    named = replace(parcel, carrier=label.carrier, waybill=label.waybill)
    if parcel.gone and parcel == named:
        return fulfilment
    if parcel.gone or fulfilments.is_taken(tx.connection, named):
        raise WaybillTaken(label.carrier, label.waybill)
    changed = fulfilment.ship(named, tx.now)
    fulfilments.save(tx.connection, fulfilment, changed)
    move_units(
        tx,
        MovementType.SHIPPED,
        parcel.lines,
        warehouse_id=fulfilment.warehouse_id,
        cause=f"parcel:{parcel_id}",
    )
    _wait_for_word(tx, named)
    tx.publish(messages.shipped(parcel, carrier=label.carrier, waybill=label.waybill))
    return changed


def _wait_for_word(tx: Tx, parcel: Parcel) -> None:
    if parcel.carrier not in UNTRACED:
        listen_for(tx, parcel.id)
    elif parcel.carrier == Way.POST:
        # Nobody will ever tell that it arrived.
        order = orders.get(tx.connection, parcel.order_id)
        forget_when_due(tx, parcel.order_id, order.account_id if order else None)
