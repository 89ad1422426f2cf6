"""The status people see: a pure function of the track and of what became of the goods (O1, F3).

Nothing stores it. It is worked out whenever somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from order_service.domain.order import Order
from order_service.domain.parcel import ON_ITS_WAY, Parcel
from order_service.domain.track import Track
from order_service.domain.units import count


class Status(StrEnum):
    """What is written on the order's page."""

    PLACED = "placed"
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    CONFIRMED = "confirmed"  # as paid, but the money is due at the door
    PREPARING = "preparing"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    PARTIALLY_RECEIVED = "partially_received"
    RECEIVED = "received"
    COMPLETED = "completed"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


def status_of(order: Order, parcels: Sequence[Parcel], *, preparing: bool) -> Status:
    """What to call the order now. ``preparing``: logistics has begun to work on it."""
    if order.track is not Track.CONFIRMED:
        return Status(order.track.value)
    if order.all_settled:
        return Status.RECEIVED
    if any(line.received for line in order.lines):
        return Status.PARTIALLY_RECEIVED
    on_its_way = (parcel for parcel in parcels if parcel.state in ON_ITS_WAY)
    sent = sum(count(runs) for parcel in on_its_way for runs in parcel.units.values())
    if sent:
        wanted = sum(line.quantity - line.cancelled for line in order.lines)
        return Status.SHIPPED if sent >= wanted else Status.PARTIALLY_SHIPPED
    if preparing:
        return Status.PREPARING
    return Status.CONFIRMED if order.on_delivery else Status.PAID


def tracks_of(status: Status) -> frozenset[Track]:
    """The tracks on which an order may have this status."""
    if status.value in set(Track) and status is not Status.CONFIRMED:
        return frozenset({Track(status.value)})
    return frozenset({Track.CONFIRMED})
