"""Stock, shipments and parcels as the outside sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from logistics_service.domain.parcel import Parcel
from logistics_service.domain.proof import Proof
from logistics_service.domain.stock import Level
from logistics_service.domain.trace import Sighting, Trace, sentences
from logistics_service.usecases.read_shipments import ShipmentSeen


def proof_view(proof: Proof) -> dict[str, Any]:
    """A night's proof, see `schemas.ProofAnswer`."""
    return {
        "night": proof.night,
        "checked": proof.checked,
        "wrong": proof.wrong,
        "started_at": proof.started_at,
        "finished_at": proof.finished_at,
    }


def stock_view(sku_id: str, levels: list[Level]) -> dict[str, Any]:
    """Stock of a SKU, see `schemas.StockAnswer`; the band is that of the fullest warehouse.

    A SKU that nobody has received yet is in no warehouse.
    """
    fullest = max(levels, key=lambda level: level.available, default=None)
    return {
        "sku_id": sku_id,
        "available": sum(level.available for level in levels),
        "band": fullest.band if fullest else "none",
        "levels": [
            {
                "warehouse_id": level.warehouse_id,
                "on_hand": level.on_hand,
                "held": level.held,
                "allocated": level.allocated,
                "safety": level.safety,
                "available": level.available,
            }
            for level in levels
        ],
    }


def shipment_view(seen: ShipmentSeen) -> dict[str, Any]:
    """A shipment, see `schemas.ShipmentAnswer`."""
    fulfilment, destination = seen.fulfilment, seen.destination
    return {
        "id": fulfilment.id,
        "order_id": fulfilment.order_id,
        "number": seen.number,
        "delivery_method": seen.delivery_method,
        "merchant_id": fulfilment.merchant_id,
        "warehouse_id": fulfilment.warehouse_id,
        "status": fulfilment.status,
        "lines": [
            {
                "line_id": line.line_id,
                "sku_id": line.sku_id,
                "quantity": line.quantity,
                "shipped": line.consumed,
                "cancelled": line.released,
            }
            for line in fulfilment.lines
        ],
        "parcels": [
            parcel_view(one, seen.traces[one.id], to_buyer=seen.shows_codes)
            for one in fulfilment.parcels
        ],
        "destination": None
        if destination is None
        else {
            "recipient": destination.recipient,
            "phone": destination.phone,
            "address": destination.address,
        },
    }


def parcel_view(
    parcel: Parcel, traces: Sequence[Trace] = (), *, to_buyer: bool = False
) -> dict[str, Any]:
    """A parcel, see `schemas.ParcelAnswer`; the buyer alone sees the code and who signed."""
    return {
        "id": parcel.id,
        "shipment_id": parcel.fulfilment_id,
        "state": parcel.state,
        "carrier": parcel.carrier,
        "waybill": parcel.waybill,
        "pick_up_code": parcel.pick_up_code if to_buyer else None,
        "signed": _signature(traces) if to_buyer else None,
        "lines": [
            {"line_id": line.line_id, "sku_id": line.sku_id, "quantity": line.quantity}
            for line in parcel.lines
        ],
        "traces": [
            {
                "state": trace.state,
                "note": trace.note,
                "place": trace.place,
                "at": trace.at,
                "sentence": sentences(trace),
            }
            for trace in traces
        ],
    }


def _signature(traces: Iterable[Trace]) -> dict[str, Any] | None:
    signed = [one for one in traces if one.state is Sighting.SIGNED]
    if not signed:
        return None
    first = signed[0]
    return {"signer": first.signer, "proof": first.proof, "at": first.at}
