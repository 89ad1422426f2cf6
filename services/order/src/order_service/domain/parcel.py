"""A parcel of an order, as far as order was told; the telling may come in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from order_service.domain.order import Order
from order_service.domain.units import Units, count


class ParcelState(StrEnum):
    """How far a parcel is; a later state never gives way to an earlier one."""

    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    REFUSED = "refused"
    LOST = "lost"
    RETURNED = "returned"
    RECEIVED = "received"  # the buyer, or time, said so; nothing undoes it


RANK: Final = {state: rank for rank, state in enumerate(ParcelState)}

# Its goods left the warehouse and did not turn back.
ON_ITS_WAY: Final = frozenset({ParcelState.SHIPPED, ParcelState.DELIVERED, ParcelState.RECEIVED})
DELIVERED: Final = frozenset({ParcelState.DELIVERED, ParcelState.RECEIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What no message has told yet is None. ``waybill_version``: how often it was corrected."""

    id: str
    state: ParcelState
    units: Units
    fulfilment_id: str | None = None
    carrier: str | None = None
    waybill: str | None = None
    waybill_version: int = 0
    receive_at: datetime | None = None  # when it counts as received, unless the buyer says so

    def told(self, other: Parcel) -> Parcel:
        """This parcel with what another message about it says; which came first is all the same."""
        label = other if other._is_labelled_after(self) else self
        return replace(
            self,
            state=max(self.state, other.state, key=RANK.__getitem__),
            fulfilment_id=self.fulfilment_id or other.fulfilment_id,
            carrier=label.carrier,
            waybill=label.waybill,
            waybill_version=label.waybill_version,
        )

    def _is_labelled_after(self, other: Parcel) -> bool:
        if self.waybill is None or other.waybill is None:
            return other.waybill is None
        return self.waybill_version > other.waybill_version


def unsent(order: Order, parcels: Iterable[Parcel]) -> tuple[str, ...]:
    """The lines with a unit that never left the warehouse, and that logistics may still cancel."""
    left = _not_in(parcels, ON_ITS_WAY, order)
    return tuple(line_id for line_id in order.unanswered if line_id in left)


def all_delivered(order: Order, parcels: Iterable[Parcel]) -> bool:
    """Whether the buyer has every unit that was not cancelled."""
    return not _not_in(parcels, DELIVERED, order)


def _not_in(
    parcels: Iterable[Parcel], states: frozenset[ParcelState], order: Order
) -> frozenset[str]:
    """The lines with a unit that was not cancelled and is in no parcel of these states."""
    within: Counter[str] = Counter()
    for parcel in parcels:
        if parcel.state in states:
            within += Counter({line_id: count(runs) for line_id, runs in parcel.units.items()})
    return frozenset(
        line.line_id
        for line in order.lines
        if line.quantity - line.cancelled > within[line.line_id]
    )
