"""A merchant mistyped a waybill, and puts it right."""

from __future__ import annotations

from dataclasses import replace

from logistics_service.domain.errors import (
    AlreadyTraced,
    IllegalTransition,
    ShipmentNotFound,
    WaybillTaken,
)
from logistics_service.domain.parcel import NEXT, Label, Parcel, ParcelState
from logistics_service.domain.way import UNTRACED
from logistics_service.store import fulfilments, traces, waybills
from logistics_service.usecases import messages
from logistics_service.usecases.own_shipment import lock_own
from shop_events import Tx


def correct_waybill(
    tx: Tx, parcel_id: str, label: Label, *, merchant_id: str, changed_by: str
) -> Parcel:
    """Give a shipped parcel another carrier or waybill, and write down who did.

    The same ones again change nothing and leave no row. Publishes ParcelWaybillCorrected.

    Raises:
        ShipmentNotFound: there is no such parcel, or it is another merchant's.
        IllegalTransition: it has not left, or no carrier has it.
        AlreadyTraced: its carrier has told of it under its waybill.
        WaybillTaken: another parcel has that waybill.
    """
    fulfilment = lock_own(tx, parcel_id, merchant_id)
    if fulfilment.id == parcel_id:
        raise ShipmentNotFound(parcel_id)
    before = fulfilment.parcel(parcel_id)
    after = replace(before, carrier=label.carrier, waybill=label.waybill)
    if after == before:
        return before
    _must_be_correctable(tx, before)
    if fulfilments.is_taken(tx.connection, after):
        raise WaybillTaken(label.carrier, label.waybill)
    fulfilments.save(tx.connection, fulfilment, fulfilment.with_parcel(after))
    waybills.write_change(tx.connection, before, after, changed_by=changed_by, at=tx.now)
    version = waybills.count_changes(tx.connection, parcel_id)
    tx.publish(messages.waybill_corrected(after, label, version=version))
    return after


def _must_be_correctable(tx: Tx, parcel: Parcel) -> None:
    if not parcel.gone or parcel.carrier in UNTRACED:
        what = f"The parcel {parcel.id}, which no carrier has,"
        raise IllegalTransition(what, parcel.state, "labelled anew", NEXT[ParcelState.PACKED])
    if traces.was_traced(tx.connection, parcel.id):
        raise AlreadyTraced(parcel.id)
