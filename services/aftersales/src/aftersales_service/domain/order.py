"""What was bought, delivered and received, and what of it may still be sent back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shop_events.values import Money

RETURN_WINDOW: Final = timedelta(days=7)  # DOMAIN E6; from the last receipt, as order counts it


class End(StrEnum):
    """How an order ended; from then on nothing of it can be sent back."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as it was ordered. ``payable`` is what all its units cost after discounts (M7)."""

    line_id: str
    sku_id: str
    merchant_id: str
    quantity: int
    unit_price: Money
    payable: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A parcel that was delivered, or received, or both; each may be heard of first.

    ``units`` are by line id, and empty until it is known to be delivered.
    """

    id: str
    units: Mapping[str, int]
    received_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A confirmed order with its parcels so far."""

    id: str
    lines: tuple[Line, ...]
    parcels: tuple[Parcel, ...]
    end: End | None

    def delivered(self, line: Line) -> int:
        """How many units of the line were signed for."""
        return _units(line, self.parcels)

    def received(self, line: Line) -> int:
        """How many of these the buyer has confirmed, or time has."""
        return _units(line, tuple(one for one in self.parcels if one.received_at is not None))

    @property
    def until(self) -> datetime | None:
        """When the return window ends: seven days after the last receipt; None: none began."""
        received = [one.received_at for one in self.parcels if one.received_at is not None]
        return max(received) + RETURN_WINDOW if received else None

    def is_open(self, now: datetime) -> bool:
        """Whether something may be sent back now."""
        return self.end is None and self.until is not None and now < self.until

    def returnable(self, line: Line, now: datetime) -> int:
        """How many units of the line may still be sent back (A3): received, in time."""
        return self.received(line) if self.is_open(now) else 0


def _units(line: Line, parcels: tuple[Parcel, ...]) -> int:
    """Never more than were ordered, whatever the parcels say."""
    return min(line.quantity, sum(one.units.get(line.line_id, 0) for one in parcels))
