"""A parcel: what is in it, and how far it is (DOMAIN.md F1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from logistics_service.domain.errors import IllegalTransition


class ParcelState(StrEnum):
    """Where a parcel stands. It begins when it is packed."""

    PACKED = "packed"
    CANCELLED = "cancelled"
    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    EXCEPTION = "exception"
    OUT_FOR_DELIVERY = "out_for_delivery"
    FAILED_ATTEMPT = "failed_attempt"
    SIGNED = "signed"
    REFUSED = "refused"
    RETURNING = "returning"
    RETURNED_TO_SENDER = "returned_to_sender"
    LOST = "lost"


_P = ParcelState

# The whole life of a parcel, step by step. Whatever is not here cannot happen.
NEXT: Final[dict[ParcelState, frozenset[ParcelState]]] = {
    _P.PACKED: frozenset({_P.SHIPPED, _P.CANCELLED}),
    _P.CANCELLED: frozenset(),
    _P.SHIPPED: frozenset({_P.IN_TRANSIT, _P.LOST}),
    _P.IN_TRANSIT: frozenset({_P.OUT_FOR_DELIVERY, _P.EXCEPTION, _P.LOST}),
    _P.EXCEPTION: frozenset({_P.IN_TRANSIT, _P.RETURNING, _P.LOST}),
    _P.OUT_FOR_DELIVERY: frozenset({_P.SIGNED, _P.REFUSED, _P.FAILED_ATTEMPT, _P.LOST}),
    _P.FAILED_ATTEMPT: frozenset({_P.OUT_FOR_DELIVERY, _P.RETURNING, _P.LOST}),
    _P.SIGNED: frozenset(),
    _P.REFUSED: frozenset({_P.RETURNING}),
    _P.RETURNING: frozenset({_P.RETURNED_TO_SENDER, _P.LOST}),
    _P.RETURNED_TO_SENDER: frozenset(),
    _P.LOST: frozenset(),
}


def _beyond(start: ParcelState) -> frozenset[ParcelState]:
    found: set[ParcelState] = set()
    ahead = list(NEXT[start])
    while ahead:
        state = ahead.pop()
        if state not in found:
            found.add(state)
            ahead += NEXT[state]
    return frozenset(found)


# Every state the table leads to, in one step or in several: carriers leave steps out.
FURTHER: Final = {state: _beyond(state) for state in ParcelState}

GONE: Final = FURTHER[_P.SHIPPED] | {_P.SHIPPED}
ENDED: Final = frozenset(state for state in ParcelState if not NEXT[state])


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedLine:
    """So many units of an order's line that stay together, numbered on from ``first_unit``."""

    line_id: str
    sku_id: str
    quantity: int
    first_unit: int

    @property
    def next_unit(self) -> int:
        """The number that follows the last of these units."""
        return self.first_unit + self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What is stuck on a parcel: who carries it, and under which number."""

    carrier: str
    waybill: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A closed box. ``state_at`` is when it came into its state, by the carrier's clock."""

    id: str
    fulfilment_id: str
    order_id: str
    lines: tuple[PackedLine, ...]
    state: ParcelState
    state_at: datetime
    carrier: str | None = None
    waybill: str | None = None
    pick_up_code: str | None = None  # known to the buyer, who shows it when it is handed over

    @property
    def gone(self) -> bool:
        """Whether it left the warehouse."""
        return self.state in GONE

    @property
    def units(self) -> Mapping[str, int]:
        """How many units of each line are in it."""
        return {line.line_id: line.quantity for line in self.lines}

    def to(self, wanted: ParcelState, at: datetime) -> Parcel:
        """This parcel in the ``wanted`` state.

        Raises:
            IllegalTransition: ``NEXT`` does not lead there from here.
        """
        if wanted not in NEXT[self.state]:
            raise IllegalTransition(f"The parcel {self.id}", self.state, wanted, NEXT[self.state])
        return replace(self, state=wanted, state_at=at)

    def seen(self, state: ParcelState, at: datetime) -> Parcel:
        """This parcel after its carrier saw it in ``state`` at ``at``; traces come in any order.

        It moves on where the table leads there, over steps that nobody told if need be. Between
        states that lead back and forth the later sighting counts. Else it stays as it is.
        """
        if state not in FURTHER[self.state]:
            return self
        back_and_forth = self.state in FURTHER[state]
        if back_and_forth and at <= self.state_at:
            return self
        return replace(self, state=state, state_at=at)

    def went_through(self, state: ParcelState) -> bool:
        """Whether it is in ``state`` or may have been before it came where it is."""
        return self.state is state or self.state in FURTHER[state]
