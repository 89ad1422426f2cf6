"""How goods get from the warehouse to the buyer, as far as logistics treats it differently."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class MethodCode(StrEnum):
    """The delivery methods there are."""

    EXPRESS = "express"
    POST = "post"
    OWN_DELIVERY = "own_delivery"
    PICK_UP = "pick_up"


class Way(StrEnum):
    """Who brings the goods. Its name stands as the carrier of parcels that have none."""

    CARRIER = "carrier"
    POST = "post"  # goes without a number of the carrier's: nobody can follow it
    OWN = "own"  # the merchant's own people
    PICK_UP = "pick_up"  # the buyer fetches them


_WAYS: Final = {
    MethodCode.POST: Way.POST,
    MethodCode.OWN_DELIVERY: Way.OWN,
    MethodCode.PICK_UP: Way.PICK_UP,
}

# The merchant hands these over, and says so; the buyer has a code that proves it.
BY_HAND: Final = frozenset({Way.OWN, Way.PICK_UP})

# Parcels of these have a number of ours, and no carrier tells where they are.
UNTRACED: Final = frozenset({Way.POST, Way.OWN, Way.PICK_UP})


def way_of(delivery_method: str | None) -> Way:
    """How an order with this delivery method travels; one we do not know goes by carrier."""
    try:
        return _WAYS.get(MethodCode(delivery_method or ""), Way.CARRIER)
    except ValueError:
        return Way.CARRIER


def internal_number(parcel_id: str) -> str:
    """The number of a parcel that no carrier gave one: from the random end of its id."""
    return f"IN{parcel_id.replace('-', '')[-16:].upper()}"
