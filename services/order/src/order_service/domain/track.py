"""The order's own track (DOMAIN.md O1). The status people see is derived, see `status`."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Track(StrEnum):
    """Where an order stands between the click and its end."""

    PLACED = "placed"  # stock is being asked
    AWAITING_PAYMENT = "awaiting_payment"
    CONFIRMED = "confirmed"  # paid, or to be paid on delivery
    CANCELLING = "cancelling"  # logistics and payment are being asked
    CANCELLED = "cancelled"
    COMPLETED = "completed"


# The whole life of an order. Whatever is not here cannot happen.
NEXT: Final[dict[Track, frozenset[Track]]] = {
    Track.PLACED: frozenset({Track.AWAITING_PAYMENT, Track.CONFIRMED, Track.CANCELLED}),
    Track.AWAITING_PAYMENT: frozenset({Track.CONFIRMED, Track.CANCELLED}),
    Track.CONFIRMED: frozenset({Track.CANCELLING, Track.COMPLETED}),
    Track.CANCELLING: frozenset({Track.CANCELLED, Track.CONFIRMED}),
    Track.CANCELLED: frozenset(),
    Track.COMPLETED: frozenset(),
}

# Nothing was promised to anybody yet: the buyer or the deadline may end it at once.
UNCONFIRMED: Final = frozenset({Track.PLACED, Track.AWAITING_PAYMENT})

# Goods and money are on their ways; only now can units be cancelled or received one by one.
UNDER_WAY: Final = frozenset({Track.CONFIRMED, Track.CANCELLING})
