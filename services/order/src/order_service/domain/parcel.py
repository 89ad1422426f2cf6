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


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What no message has told yet is None."""

    id: str
    state: ParcelState
    units: Units
    fulfilment_id: str | None = None
    carrier: str | None = None
    waybill: str | None = None
    receive_at: datetime | None = None  # when it counts as received, unless the buyer says so

    def told(self, other: Parcel) -> Parcel:
        """This parcel with what another message about it says; which came first is all the same."""
        return replace(
            self,
            state=max(self.state, other.state, key=RANK.__getitem__),
            fulfilment_id=self.fulfilment_id or other.fulfilment_id,
            carrier=self.carrier or other.carrier,
            waybill=self.waybill or other.waybill,
        )


def unsent(order: Order, parcels: Iterable[Parcel]) -> tuple[str, ...]:
    """The lines with a unit that never left the warehouse, and that logistics may still cancel."""
    sent: Counter[str] = Counter()
    for parcel in parcels:
        if parcel.state in ON_ITS_WAY:
            sent += Counter({line_id: count(runs) for line_id, runs in parcel.units.items()})
    left = {
        line.line_id: line.quantity - line.cancelled - sent[line.line_id] for line in order.lines
    }
    return tuple(line_id for line_id in order.unanswered if left[line_id] > 0)
