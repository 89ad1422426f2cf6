"""Stock: counters that only movements change (DOMAIN.md S1, S2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# One warehouse is enough for now; every row names it, so that a second one is only a choice.
DEFAULT_WAREHOUSE: Final = "main"

# A counter is a 32-bit integer; a hand movement stays far below its end.
MOST_ON_HAND: Final = 1_000_000_000

# From here on people see "plenty" (S9).
PLENTY_FROM: Final = 6


class MovementType(StrEnum):
    """Why a counter changed."""

    RECEIVED = "received"  # from a supplier
    ADJUSTED = "adjusted"  # counted anew; always with a reason
    HELD = "held"  # for an order that is not confirmed yet
    RELEASED = "released"  # the hold ended without a sale
    COMMITTED = "committed"  # the order is confirmed: to be packed
    FREED = "freed"  # a confirmed order's goods stay here after all
    SHIPPED = "shipped"
    RETURNED = "returned"  # a parcel nobody took is back
    SAFETY = "safety"  # more, or fewer, are kept back and not sold


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one unit of a movement adds to each counter."""

    on_hand: int = 0
    held: int = 0
    allocated: int = 0
    safety: int = 0


EFFECTS: Final[dict[MovementType, Effect]] = {
    MovementType.RECEIVED: Effect(on_hand=1),
    MovementType.ADJUSTED: Effect(on_hand=1),  # the quantity may be below zero
    MovementType.HELD: Effect(held=1),
    MovementType.RELEASED: Effect(held=-1),
    MovementType.COMMITTED: Effect(held=-1, allocated=1),
    MovementType.FREED: Effect(allocated=-1),
    MovementType.SHIPPED: Effect(on_hand=-1, allocated=-1),
    MovementType.RETURNED: Effect(on_hand=1),
    MovementType.SAFETY: Effect(safety=1),  # the quantity may be below zero
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """So many units of a SKU in a warehouse changed their standing because of ``cause``.

    One type, cause, SKU and warehouse make one movement, however often they are told.
    """

    type: MovementType
    sku_id: str
    warehouse_id: str
    quantity: int
    cause: str
    reason: str | None = None

    @property
    def effect(self) -> Effect:
        """What it adds to each counter."""
        unit = EFFECTS[self.type]
        return Effect(
            on_hand=unit.on_hand * self.quantity,
            held=unit.held * self.quantity,
            allocated=unit.allocated * self.quantity,
            safety=unit.safety * self.quantity,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How much of a SKU there is in a warehouse. ``version`` grows with every movement."""

    sku_id: str
    warehouse_id: str
    on_hand: int = 0
    held: int = 0
    allocated: int = 0
    safety: int = 0
    version: int = 0

    @property
    def available(self) -> int:
        """How many can be sold now; never below zero (S1)."""
        return max(0, self.on_hand - self.allocated - self.held - self.safety)

    @property
    def promised(self) -> int:
        """How many belong to orders already."""
        return self.held + self.allocated

    @property
    def band(self) -> str:
        """What people see instead of a number (S9)."""
        if self.available == 0:
            return "none"
        return "plenty" if self.available >= PLENTY_FROM else "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """A SKU of which less is available than an order wants."""

    sku_id: str
    wanted: int
    available: int
