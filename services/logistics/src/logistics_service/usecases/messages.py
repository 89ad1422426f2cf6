"""Goods and parcels in the words of the events that are published."""

from __future__ import annotations

from collections.abc import Iterable

from logistics_service.domain.fulfilment import Fulfilment
from logistics_service.domain.parcel import Label, PackedLine, Parcel
from logistics_service.domain.rates import Method, Rates, Zone
from logistics_service.domain.stock import Level
from shop_events.contracts.logistics import (
    DeliveryMethod,
    DeliveryRatesChanged,
    FulfilmentCancellationRefused,
    FulfilmentCancelled,
    FulfilmentCreated,
    ParcelPacked,
    ParcelShipped,
    ParcelWaybillCorrected,
    RateZone,
    ShipmentLine,
    StockBand,
    StockLevelChanged,
)


def shipment_lines(lines: Iterable[PackedLine]) -> tuple[ShipmentLine, ...]:
    """The lines as they travel."""
    return tuple(
        ShipmentLine(
            line_id=line.line_id,
            sku_id=line.sku_id,
            quantity=line.quantity,
            first_unit=line.first_unit,
        )
        for line in lines
    )


def level_changed(level: Level) -> StockLevelChanged:
    """How much there is now. There is one warehouse; with a second this has to be the sum."""
    return StockLevelChanged(
        sku_id=level.sku_id,
        available=level.available,
        band=StockBand(level.band),
        version=level.version,
    )


def created(fulfilment: Fulfilment) -> FulfilmentCreated:
    """A merchant's goods are to be packed."""
    return FulfilmentCreated(
        fulfilment_id=fulfilment.id,
        order_id=fulfilment.order_id,
        merchant_id=fulfilment.merchant_id,
        warehouse_id=fulfilment.warehouse_id,
        lines=shipment_lines(fulfilment.open_lines),
    )


def cancelled(fulfilment: Fulfilment) -> FulfilmentCancelled:
    """What of it stays here."""
    return FulfilmentCancelled(
        fulfilment_id=fulfilment.id,
        order_id=fulfilment.order_id,
        lines=shipment_lines(fulfilment.cancelled_lines),
    )


def refused(fulfilment: Fulfilment) -> FulfilmentCancellationRefused:
    """What of it is gone."""
    gone = [parcel.id for parcel in fulfilment.parcels if parcel.gone]
    return FulfilmentCancellationRefused(
        fulfilment_id=fulfilment.id,
        order_id=fulfilment.order_id,
        lines=shipment_lines(fulfilment.shipped_lines),
        why=f"Left the warehouse already: {', '.join(gone)}.",
    )


def packed(parcel: Parcel) -> ParcelPacked:
    """A parcel waits for its carrier."""
    return ParcelPacked(
        parcel_id=parcel.id,
        fulfilment_id=parcel.fulfilment_id,
        order_id=parcel.order_id,
        lines=shipment_lines(parcel.lines),
    )


def shipped(parcel: Parcel, *, carrier: str, waybill: str) -> ParcelShipped:
    """A parcel is gone."""
    return ParcelShipped(
        parcel_id=parcel.id,
        fulfilment_id=parcel.fulfilment_id,
        order_id=parcel.order_id,
        carrier=carrier,
        waybill=waybill,
        lines=shipment_lines(parcel.lines),
    )


def waybill_corrected(parcel: Parcel, label: Label, *, version: int) -> ParcelWaybillCorrected:
    """A parcel that is gone goes by another number."""
    return ParcelWaybillCorrected(
        parcel_id=parcel.id,
        fulfilment_id=parcel.fulfilment_id,
        order_id=parcel.order_id,
        carrier=label.carrier,
        waybill=label.waybill,
        lines=shipment_lines(parcel.lines),
        version=version,
    )


def rates_changed(rates: Rates) -> DeliveryRatesChanged:
    """How goods can be delivered now, and for how much."""
    return DeliveryRatesChanged(
        rates_id=rates.rates_id,
        methods=tuple(_method(method) for method in rates.methods),
        version=rates.version,
    )


def _method(method: Method) -> DeliveryMethod:
    return DeliveryMethod(
        code=method.code.value,
        zones=tuple(_zone(zone) for zone in method.zones),
        days=method.days,
        traceable=method.traceable,
        cash_on_delivery=method.cash_on_delivery,
        pick_up=method.pick_up,
        volume_divisor=method.volume_divisor,
    )


def _zone(zone: Zone) -> RateZone:
    return RateZone(
        divisions=zone.divisions,
        first_g=zone.first_g or 0,
        first=zone.first,
        step_g=zone.step_g or 0,
        step=zone.step,
        free_over=zone.free_over,
        first_pieces=zone.first_pieces,
        step_pieces=zone.step_pieces,
    )
