"""Stock, shipments and parcels as the outside sees them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from logistics_service.domain.parcel import Parcel
from logistics_service.domain.stock import Level
from logistics_service.domain.trace import Trace
from logistics_service.usecases.read_shipments import ShipmentSeen


def stock_view(sku_id: str, levels: list[Level]) -> dict[str, Any]:
    """Stock of a SKU, see `schemas.StockAnswer`; the band is that of the fullest warehouse."""
    fullest = max(levels, key=lambda level: level.available)
    return {
        "sku_id": sku_id,
        "available": sum(level.available for level in levels),
        "band": fullest.band,
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
        "parcels": [parcel_view(one, seen.traces[one.id]) for one in fulfilment.parcels],
        "destination": None
        if destination is None
        else {
            "recipient": destination.recipient,
            "phone": destination.phone,
            "address": destination.address,
        },
    }


def parcel_view(parcel: Parcel, traces: Iterable[Trace]) -> dict[str, Any]:
    """A parcel, see `schemas.ParcelAnswer`."""
    return {
        "id": parcel.id,
        "shipment_id": parcel.fulfilment_id,
        "state": parcel.state,
        "carrier": parcel.carrier,
        "waybill": parcel.waybill,
        "lines": [
            {"line_id": line.line_id, "sku_id": line.sku_id, "quantity": line.quantity}
            for line in parcel.lines
        ],
        "traces": [
            {"state": trace.state, "place": trace.place, "at": trace.at} for trace in traces
        ],
    }
