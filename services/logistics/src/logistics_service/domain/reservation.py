"""A reservation: an order line's claim on goods, from the hold to the parcel (DOMAIN.md S3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from logistics_service.domain.errors import IllegalTransition


class ReservationState(StrEnum):
    """How firm the claim is."""

    HELD = "held"
    COMMITTED = "committed"
    CONSUMED = "consumed"
    RELEASED = "released"


# The whole life of a reservation. Whatever is not here cannot happen.
NEXT: Final[dict[ReservationState, frozenset[ReservationState]]] = {
    ReservationState.HELD: frozenset({ReservationState.COMMITTED, ReservationState.RELEASED}),
    ReservationState.COMMITTED: frozenset({ReservationState.CONSUMED, ReservationState.RELEASED}),
    ReservationState.CONSUMED: frozenset(),
    ReservationState.RELEASED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """What became of the units of one order line. There is one per (``order_id``, ``line_id``)."""

    order_id: str
    line_id: str
    sku_id: str
    warehouse_id: str
    merchant_id: str
    quantity: int
    state: ReservationState = ReservationState.HELD
    consumed: int = 0  # units that were shipped
    released: int = 0  # units that went back to what is available
    fulfilment_id: str | None = None

    @property
    def open(self) -> int:
        """How many units still wait in the warehouse for this line."""
        return self.quantity - self.consumed - self.released

    def commit(self, fulfilment_id: str) -> Reservation:
        """The order is confirmed: the goods are to be packed with this fulfilment.

        Raises:
            IllegalTransition: it is not held.
        """
        return replace(self._to(ReservationState.COMMITTED), fulfilment_id=fulfilment_id)

    def release(self) -> Reservation:
        """Without what is still open. Twice, or after all was shipped, it changes nothing (S6)."""
        if not self.open:
            return self
        ended = ReservationState.CONSUMED if self.consumed else ReservationState.RELEASED
        return replace(self._to(ended), released=self.released + self.open)

    def consume(self, units: int) -> Reservation:
        """These units left in a parcel.

        Raises:
            IllegalTransition: it is not committed, or has fewer units open (F2).
        """
        if self.state is not ReservationState.COMMITTED or not 0 < units <= self.open:
            raise IllegalTransition(
                f"Line {self.line_id} of the order {self.order_id}, with {self.open} units open,",
                self.state,
                f"consumed by {units}",
                NEXT[self.state],
            )
        state = self.state if units < self.open else ReservationState.CONSUMED
        return replace(self, state=state, consumed=self.consumed + units)

    def _to(self, wanted: ReservationState) -> Reservation:
        if wanted not in NEXT[self.state]:
            what = f"The reservation of line {self.line_id} of the order {self.order_id}"
            raise IllegalTransition(what, self.state, wanted, NEXT[self.state])
        return replace(self, state=wanted)
