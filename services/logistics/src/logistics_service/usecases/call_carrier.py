"""What a carrier is asked for, always outside of any transaction (DOMAIN.md P4)."""

from __future__ import annotations

from collections.abc import Sequence

from logistics_service.domain.errors import (
    CarrierDoesNotAnswer,
    UnknownCarrier,
    WaybillMalformed,
)
from logistics_service.domain.trace import Trace
from logistics_service.outside.carrier import Carriers, CarrierUnavailable, Contract
from shop_events import faults


def must_know(carriers: Carriers, carrier: str) -> Contract:
    """Our contract with this carrier.

    Raises:
        UnknownCarrier: there is none.
    """
    contract = carriers.contracts.get(carrier)
    if contract is None:
        raise UnknownCarrier(carrier, carriers.contracts)
    return contract


def choose_carrier(carriers: Carriers, named: str | None, waybill: str | None) -> str | None:
    """Who takes a parcel: the carrier named, or the one whose prefix the waybill has.

    None: neither says it.

    Raises:
        UnknownCarrier: we do not work with the one named.
        WaybillMalformed: its waybills look otherwise, or no carrier's look like this one.
    """
    carrier = named or (carriers.guess(waybill) if waybill else None)
    if carrier is None:
        if waybill is not None:
            raise WaybillMalformed("a carrier of ours", waybill)
        return None
    profile = must_know(carriers, carrier).profile
    if waybill is not None and not profile.waybills.fullmatch(waybill):
        raise WaybillMalformed(carrier, waybill)
    return carrier


def draw_waybill(carriers: Carriers, carrier: str, parcel_id: str) -> str:
    """A waybill from the carrier.

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


def ask_where(carriers: Carriers, carrier: str, waybill: str) -> Sequence[Trace] | None:
    """All the carrier ever saw of a parcel; None when it does not answer, or is no more ours."""
    contract = carriers.contracts.get(carrier)
    if contract is None:
        return None
    try:
        return contract.carrier.track(waybill)
    except CarrierUnavailable:
        return None
