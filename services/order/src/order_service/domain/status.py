"""The status people see: a pure function of the track and of what became of the goods (O1, F3).

Nothing stores it. It is worked out whenever somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from order_service.domain.order import Order
from order_service.domain.track import Track


class ParcelState(StrEnum):
    """How far a parcel is; a later state never gives way to an earlier one."""

    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    REFUSED = "refused"
    LOST = "lost"
    RETURNED = "returned"
    RECEIVED = "received"


# What arrives late or twice must not turn a parcel back.
RANK = {state: rank for rank, state in enumerate(ParcelState)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A parcel of the order, as far as order knows."""

    id: str
    fulfilment_id: str
    state: ParcelState
    units: dict[str, int]  # by line id
    carrier: str | None = None
    waybill: str | None = None


class Status(StrEnum):
    """What is written on the order's page."""

    PLACED = "placed"
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    PREPARING = "preparing"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    PARTIALLY_RECEIVED = "partially_received"
    RECEIVED = "received"
    COMPLETED = "completed"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


_SHIPPED = frozenset(ParcelState) - {ParcelState.PACKED}


def status_of(order: Order, parcels: Sequence[Parcel], *, preparing: bool) -> Status:
    """What to call the order now. ``preparing``: logistics has begun to work on it."""
    if order.track is not Track.CONFIRMED:
        return Status(order.track.value)
    if order.all_settled:
        return Status.RECEIVED
    if any(line.received for line in order.lines):
        return Status.PARTIALLY_RECEIVED
    sent = _units(parcels, _SHIPPED)
    if sent:
        wanted = sum(line.quantity - line.cancelled for line in order.lines)
        return Status.SHIPPED if sent >= wanted else Status.PARTIALLY_SHIPPED
    return Status.PREPARING if preparing else Status.PAID


def _units(parcels: Sequence[Parcel], states: frozenset[ParcelState]) -> int:
    return sum(sum(parcel.units.values()) for parcel in parcels if parcel.state in states)
