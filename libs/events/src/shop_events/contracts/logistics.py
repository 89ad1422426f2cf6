"""Events published by the logistics service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shop_events.contract import Event, Kind, event
from shop_events.values import Money


class StockBand(StrEnum):
    """What people see of a stock level (S9)."""

    NONE = "none"
    LOW = "low"
    PLENTY = "plenty"


class TraceState(StrEnum):
    """Where a parcel is, in the words all carriers' codes are mapped to (F1)."""

    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    FAILED_ATTEMPT = "failed_attempt"
    SIGNED = "signed"
    EXCEPTION = "exception"
    REFUSED = "refused"
    RETURNING = "returning"
    RETURNED_TO_SENDER = "returned_to_sender"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A SKU of which less is available than was wanted."""

    sku_id: str
    wanted: int
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentLine:
    """So many units of an order's line, numbered on from ``first_unit``.

    A line's units are numbered from 0, each once: when they are packed, or cancelled unpacked. The
    number says which part of the line's amount is the unit's (M4). None: not said.
    """

    line_id: str
    sku_id: str
    quantity: int
    first_unit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateZone:
    """What a delivery method costs in one region.

    ``divisions`` are prefixes of division codes (``31``: Shanghai; none: everywhere else). Up to
    ``first_g`` a parcel costs ``first``, each begun ``step_g`` beyond it ``step``. Where
    ``first_pieces`` and ``step_pieces`` are said, its units are counted instead of weighed, and
    ``first_g`` and ``step_g`` are 0. From ``free_over`` of a merchant's goods, discounts taken
    off, it costs nothing.
    """

    divisions: tuple[str, ...]
    first_g: int
    first: Money
    step_g: int
    step: Money
    free_over: Money | None = None
    first_pieces: int | None = None
    step_pieces: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryMethod:
    """One way to get the goods to the buyer, with its regions; where none fits it is not offered.

    ``days`` is how long it takes at most, from shipping. ``pick_up``: the buyer fetches them.
    Where ``volume_divisor`` is said, goods that are bulky for their weight count as heavy as
    their volume in cm3 divided by it, in kilograms, rounded up to the gram.
    """

    code: str
    zones: tuple[RateZone, ...]
    days: int
    traceable: bool
    cash_on_delivery: bool
    pick_up: bool = False
    volume_divisor: int | None = None


@event("delivery_rates.changed", version=1, by="logistics", key="rates_id", kind=Kind.STATE)
class DeliveryRatesChanged(Event):
    """How goods can be delivered and for how much; an older ``version`` never replaces a newer one.

    ``rates_id`` is the merchant whose rates they are, or ``default`` for all who have none.
    """

    rates_id: str
    methods: tuple[DeliveryMethod, ...]
    version: int


@event("stock.level_changed", version=1, by="logistics", key="sku_id", kind=Kind.STATE)
class StockLevelChanged(Event):
    """How many units of a SKU can be sold now; an older ``version`` never replaces a newer one."""

    sku_id: str
    available: int
    band: StockBand
    version: int


@event("stock.reserved", version=1, by="logistics", key="order_id")
class StockReserved(Event):
    """Every line of the order is held for it."""

    order_id: str


@event("stock.rejected", version=1, by="logistics", key="order_id")
class StockRejected(Event):
    """Nothing is held for the order, because something was short."""

    order_id: str
    shortages: tuple[Shortage, ...]


@event("fulfilment.created", version=1, by="logistics", key="fulfilment_id")
class FulfilmentCreated(Event):
    """One merchant's goods of an order, from one warehouse, are to be packed."""

    fulfilment_id: str
    order_id: str
    merchant_id: str
    warehouse_id: str
    lines: tuple[ShipmentLine, ...]


@event("fulfilment.cancelled", version=1, by="logistics", key="fulfilment_id")
class FulfilmentCancelled(Event):
    """Its goods stay here and are for sale again. Only what is named is refunded."""

    fulfilment_id: str
    order_id: str
    lines: tuple[ShipmentLine, ...]


@event("fulfilment.cancellation_refused", version=1, by="logistics", key="fulfilment_id")
class FulfilmentCancellationRefused(Event):
    """The parcel is gone already: these goods will arrive and may be returned."""

    fulfilment_id: str
    order_id: str
    lines: tuple[ShipmentLine, ...]
    why: str


@event("parcel.packed", version=1, by="logistics", key="parcel_id")
class ParcelPacked(Event):
    """A parcel is closed and waits for the carrier."""

    parcel_id: str
    fulfilment_id: str
    order_id: str
    lines: tuple[ShipmentLine, ...]


@event("parcel.shipped", version=1, by="logistics", key="parcel_id")
class ParcelShipped(Event):
    """The carrier has the parcel; its goods have left the stock."""

    parcel_id: str
    fulfilment_id: str
    order_id: str
    carrier: str
    waybill: str
    lines: tuple[ShipmentLine, ...]


@event("parcel.waybill_corrected", version=1, by="logistics", key="parcel_id")
class ParcelWaybillCorrected(Event):
    """A parcel that left goes by another carrier or waybill than was said when it did.

    It says all that ParcelShipped does, so it may be heard first. ``version`` counts the
    corrections of the parcel, from 1: a later one stands, and any stands over ParcelShipped.
    """

    parcel_id: str
    fulfilment_id: str
    order_id: str
    carrier: str
    waybill: str
    lines: tuple[ShipmentLine, ...]
    version: int


@event("parcel.trace_added", version=1, by="logistics", key="parcel_id")
class ParcelTraceAdded(Event):
    """The carrier said where the parcel is. ``place`` is a town or a depot, never an address."""

    parcel_id: str
    order_id: str
    state: TraceState
    place: str
    at: datetime


@event("parcel.delivered", version=1, by="logistics", key="parcel_id")
class ParcelDelivered(Event):
    """The recipient signed for the parcel."""

    parcel_id: str
    order_id: str
    lines: tuple[ShipmentLine, ...]
    signed_at: datetime


@event("parcel.refused", version=1, by="logistics", key="parcel_id")
class ParcelRefused(Event):
    """The recipient did not take the parcel; it is on its way back."""

    parcel_id: str
    order_id: str
    lines: tuple[ShipmentLine, ...]


@event("parcel.lost", version=1, by="logistics", key="parcel_id")
class ParcelLost(Event):
    """The carrier gave the parcel up."""

    parcel_id: str
    order_id: str
    lines: tuple[ShipmentLine, ...]


@event("parcel.returned", version=1, by="logistics", key="parcel_id")
class ParcelReturned(Event):
    """A refused or undeliverable parcel is back in the warehouse."""

    parcel_id: str
    order_id: str
    lines: tuple[ShipmentLine, ...]


@event("cash.collected", version=1, by="logistics", key="parcel_id")
class CashCollected(Event):
    """The carrier took the cash for a parcel at the door and owes it to us now.

    ``waybill`` is the number by which the carrier's bills name the parcel, where it has one.
    """

    parcel_id: str
    order_id: str
    amount: Money
    carrier: str
    waybill: str | None = None
