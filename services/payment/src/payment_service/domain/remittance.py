"""Cash that carriers took at doors and bring to us by bills; row 63.

A bill is compared with what we were told, waybill by waybill. What is the same to the fen is
booked; whatever differs books nothing and is told, for people to settle with the carrier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shop_events.values import Money, total


class Kind(StrEnum):
    """Why a carrier and we do not agree about a parcel."""

    NOT_COLLECTED = "not_collected"  # on the bill, and nobody told us of such cash
    AMOUNT_DIFFERS = "amount_differs"
    ALREADY_REMITTED = "already_remitted"  # on an earlier bill as well
    NOT_REMITTED = "not_remitted"  # collected long ago, and on no bill


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """The carrier took ``amount`` for a parcel; ``bill_id`` is the bill that brought it."""

    parcel_id: str
    order_id: str
    carrier: str
    waybill: str | None
    amount: Money
    collected_at: datetime
    bill_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """So much, says the carrier, it brings for this waybill."""

    waybill: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What carrier and shop say of a parcel; None where one of them says nothing."""

    kind: Kind
    waybill: str | None
    parcel_id: str | None = None
    billed: Money | None = None
    collected: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What of a bill is right, and what is not."""

    matched: tuple[Collection, ...]
    differences: tuple[Difference, ...]

    def booked(self, currency: str) -> Money:
        """The sum of what matched."""
        return total((one.amount for one in self.matched), currency)


def compare(
    lines: Iterable[BillLine],
    known: Mapping[str, Collection],
    *,
    overdue: Iterable[Collection],
) -> Compared:
    """Each line beside the collection of its waybill, then what is ``overdue`` on no bill."""
    matched: list[Collection] = []
    differences: list[Difference] = []
    named: set[str] = set()
    for line in lines:
        collection = known.get(line.waybill)
        if collection is not None:
            named.add(collection.parcel_id)
        difference = _difference(line, collection)
        if difference is not None:
            differences.append(difference)
        elif collection is not None:
            matched.append(collection)
    missing = (_missing(one) for one in overdue if one.parcel_id not in named)
    return Compared(matched=tuple(matched), differences=(*differences, *missing))


def _difference(line: BillLine, collection: Collection | None) -> Difference | None:
    if collection is None:
        return Difference(kind=Kind.NOT_COLLECTED, waybill=line.waybill, billed=line.amount)
    if collection.bill_id is not None:
        kind = Kind.ALREADY_REMITTED
    elif collection.amount != line.amount:
        kind = Kind.AMOUNT_DIFFERS
    else:
        return None
    return Difference(
        kind=kind,
        waybill=line.waybill,
        parcel_id=collection.parcel_id,
        billed=line.amount,
        collected=collection.amount,
    )


def _missing(collection: Collection) -> Difference:
    return Difference(
        kind=Kind.NOT_REMITTED,
        waybill=collection.waybill,
        parcel_id=collection.parcel_id,
        collected=collection.amount,
    )
