"""A fulfilment: one merchant's goods of an order from one warehouse, and the parcels they leave in.

At HTTP it is called a shipment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from logistics_service.domain.errors import (
    FulfilmentOnHold,
    IllegalTransition,
    NothingToPack,
    NotPackable,
    SeveralParcels,
    ShipmentNotFound,
)
from logistics_service.domain.parcel import ENDED, PackedLine, Parcel, ParcelState
from logistics_service.domain.reservation import Reservation
from logistics_service.domain.way import UNTRACED


class Status(StrEnum):
    """In which of the merchant's heaps it lies."""

    ON_HOLD = "on_hold"
    TO_PACK = "to_pack"
    PACKED = "packed"  # everything is, and something waits for the carrier
    SHIPPED = "shipped"  # nothing is left to do
    CANCELLED = "cancelled"  # nothing was shipped, and nothing will be


OPEN: Final = frozenset({Status.ON_HOLD, Status.TO_PACK, Status.PACKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilment:
    """Its lines are the order's reservations that were committed to it.

    A line's units are numbered in the order in which they are packed. What is never packed has the
    numbers that are left, and a number is never used again: it says what its unit costs (M4).
    """

    id: str
    order_id: str
    merchant_id: str
    warehouse_id: str
    lines: tuple[Reservation, ...]
    parcels: tuple[Parcel, ...] = ()
    on_hold: bool = False

    @property
    def waiting(self) -> tuple[Parcel, ...]:
        """The parcels that are packed and not gone."""
        return tuple(parcel for parcel in self.parcels if parcel.state is ParcelState.PACKED)

    @property
    def packable(self) -> dict[str, int]:
        """How many units of each line are not in a parcel yet."""
        packed: Counter[str] = Counter()
        for parcel in self.waiting:
            packed.update(parcel.units)
        left = {line.line_id: line.open - packed[line.line_id] for line in self.lines}
        return {line_id: units for line_id, units in left.items() if units}

    @property
    def status(self) -> Status:
        """In which heap it lies: a pure function of its lines, parcels and hold."""
        if any(line.open for line in self.lines):
            if self.on_hold:
                return Status.ON_HOLD
            return Status.TO_PACK if self.packable else Status.PACKED
        return Status.SHIPPED if self.shipped_lines else Status.CANCELLED

    @property
    def open_lines(self) -> tuple[PackedLine, ...]:
        """The units that are still here, packed or not."""
        return self._runs(self.waiting, [line for line in self.lines if line.open])

    @property
    def cancelled_lines(self) -> tuple[PackedLine, ...]:
        """The units that stay here after all."""
        stayed = (one for one in self.parcels if one.state is ParcelState.CANCELLED)
        return self._runs(stayed, [line for line in self.lines if line.released])

    @property
    def shipped_lines(self) -> tuple[PackedLine, ...]:
        """The units that are gone."""
        return self._runs(parcel for parcel in self.parcels if parcel.gone)

    def line(self, line_id: str) -> Reservation:
        """The line of this id.

        Raises:
            KeyError: it is not in this fulfilment.
        """
        return {line.line_id: line for line in self.lines}[line_id]

    def parcel(self, parcel_id: str) -> Parcel:
        """The parcel of this id.

        Raises:
            KeyError: it is not of this fulfilment.
        """
        return {parcel.id: parcel for parcel in self.parcels}[parcel_id]

    def hold(self, *, on: bool) -> Fulfilment:
        """Stopped, or going on.

        Raises:
            IllegalTransition: nothing is left to stop.
        """
        if on and self.status not in OPEN:
            what = f"The fulfilment {self.id}"
            raise IllegalTransition(what, self.status, Status.ON_HOLD, ())
        return replace(self, on_hold=on)

    @property
    def over(self) -> bool:
        """Whether nothing of it is here and nothing under way, as far as anybody can tell."""
        under_way = (one for one in self.parcels if one.carrier not in UNTRACED)
        return self.status not in OPEN and all(one.state in ENDED for one in under_way)

    def pack(
        self,
        parcel_id: str,
        at: datetime,
        *,
        units: Mapping[str, int] | None = None,
        pick_up_code: str | None = None,
    ) -> Fulfilment:
        """With one more parcel: of these ``units`` by line id, or of all that is left.

        Raises:
            FulfilmentOnHold: the merchant stopped it.
            NothingToPack: nothing is left.
            NotPackable: more was asked for than is left.
        """
        self.must_not_be_on_hold()
        left = self.packable
        if not left or (units is not None and not units):
            raise NothingToPack(self.id)
        wanted = left if units is None else units
        for line_id, count in wanted.items():
            if not 0 < count <= left.get(line_id, 0):
                raise NotPackable(self.id, line_id, count, left.get(line_id, 0))
        parcel = Parcel(
            id=parcel_id,
            fulfilment_id=self.id,
            order_id=self.order_id,
            lines=tuple(self._next(self.line(line_id), wanted[line_id]) for line_id in wanted),
            state=ParcelState.PACKED,
            state_at=at,
            pick_up_code=pick_up_code,
        )
        return replace(self, parcels=(*self.parcels, parcel))

    def ship(self, parcel: Parcel, at: datetime) -> Fulfilment:
        """With ``parcel`` (carrier and waybill filled in) gone and its goods consumed.

        Raises:
            FulfilmentOnHold: the merchant stopped it.
            IllegalTransition: the parcel is cancelled, or gone already.
        """
        self.must_not_be_on_hold()
        gone = parcel.to(ParcelState.SHIPPED, at)
        lines = tuple(
            line.consume(gone.units[line.line_id]) if line.line_id in gone.units else line
            for line in self.lines
        )
        return replace(self.with_parcel(gone), lines=lines)

    def cancel(self, at: datetime) -> Fulfilment:
        """Without all that is still here: open lines released, waiting parcels cancelled."""
        parcels = tuple(
            parcel.to(ParcelState.CANCELLED, at) if parcel in self.waiting else parcel
            for parcel in self.parcels
        )
        return replace(self, lines=tuple(line.release() for line in self.lines), parcels=parcels)

    def with_parcel(self, changed: Parcel) -> Fulfilment:
        """With one of its parcels changed."""
        parcels = tuple(changed if one.id == changed.id else one for one in self.parcels)
        return replace(self, parcels=parcels)

    def parcel_to_ship(self, shipment_id: str) -> Parcel | None:
        """The parcel meant by the id of a parcel, or by this fulfilment's own id.

        By its own id: the one that waits; or, when none does and one is gone, that one, so that
        shipping again finds it and never sends a rest that nobody packed. None: nothing is packed.

        Raises:
            SeveralParcels: it has several, and one must be named.
            ShipmentNotFound: it has no such parcel.
        """
        if shipment_id != self.id:
            named = [parcel for parcel in self.parcels if parcel.id == shipment_id]
            if not named:
                raise ShipmentNotFound(shipment_id)
            return named[0]
        candidates = self.waiting or tuple(one for one in self.parcels if one.gone)
        if not candidates and not self.packable:
            candidates = self.parcels
        if len(candidates) > 1:
            raise SeveralParcels(self.id, (parcel.id for parcel in candidates))
        return candidates[0] if candidates else None

    def must_not_be_on_hold(self) -> None:
        """Make sure that it may be worked on.

        Raises:
            FulfilmentOnHold: the merchant stopped it.
        """
        if self.on_hold:
            raise FulfilmentOnHold(self.id)

    def _runs(
        self, parcels: Iterable[Parcel], unpacked: Iterable[Reservation] = ()
    ) -> tuple[PackedLine, ...]:
        """What is in these parcels, and what of these lines is in none at all."""
        runs = [line for parcel in parcels for line in parcel.lines]
        runs += [self._next(line, line.quantity - self._numbered(line)) for line in unpacked]
        return _joined(run for run in runs if run.quantity)

    def _next(self, line: Reservation, units: int) -> PackedLine:
        return PackedLine(
            line_id=line.line_id,
            sku_id=line.sku_id,
            quantity=units,
            first_unit=self._numbered(line),
        )

    def _numbered(self, line: Reservation) -> int:
        """How many units of the line were ever packed."""
        return sum(parcel.units.get(line.line_id, 0) for parcel in self.parcels)


def _joined(runs: Iterable[PackedLine]) -> tuple[PackedLine, ...]:
    """The same units in as few runs as can be, by line and number."""
    joined: list[PackedLine] = []
    for run in sorted(runs, key=lambda run: (run.line_id, run.first_unit)):
        last = joined[-1] if joined else None
        if last and (last.line_id, last.next_unit) == (run.line_id, run.first_unit):
            joined[-1] = replace(last, quantity=last.quantity + run.quantity)
        else:
            joined.append(run)
    return tuple(joined)
