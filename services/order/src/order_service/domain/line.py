"""One line of an order, with the allocation that was frozen when it was placed (M3, M4, M7)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shop_events.values import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """So many units of a SKU, what they cost together, and what became of them.

    Units are numbered. Each is either cancelled or received, in the order of their numbers, and
    has its own exact share of ``payable``, so that whatever is paid back or settled sums to it.
    """

    line_id: str
    sku_id: str
    merchant_id: str
    name: str
    quantity: int
    unit_price: Money
    discount_share: Money
    cancelled: int = 0
    refused: int = 0  # logistics would not cancel these: their parcel is gone
    received: int = 0

    @property
    def payable(self) -> Money:
        """What all its units cost after discounts."""
        return self.unit_price * self.quantity - self.discount_share

    @property
    def open(self) -> int:
        """How many units were neither cancelled nor received yet."""
        return self.quantity - self.cancelled - self.received

    @property
    def unanswered(self) -> int:
        """How many units logistics has not answered a cancellation for."""
        return max(0, self.quantity - self.cancelled - self.refused)

    def cancel(self, units: int) -> tuple[Line, Money]:
        """Without these units, and what they cost. Takes at most what is open."""
        units = min(units, self.open)
        return replace(self, cancelled=self.cancelled + units), self._next_units(units)

    def refuse(self, units: int) -> Line:
        """These units will not be cancelled."""
        return replace(self, refused=min(self.refused + units, self.quantity - self.cancelled))

    def receive(self, units: int) -> tuple[Line, Money]:
        """With these units received, and what they cost. Takes at most what is open."""
        units = min(units, self.open)
        return replace(self, received=self.received + units), self._next_units(units)

    def _next_units(self, count: int) -> Money:
        return share_of_units(self.payable, self.quantity, self.cancelled + self.received, count)


def share_of_units(payable: Money, units: int, start: int, count: int) -> Money:
    """What ``count`` of ``units`` equal units cost, from number ``start`` (from 0) on.

    The odd minor units lie with the first units, so that all shares sum to ``payable`` (M4).
    """
    each, odd = divmod(payable.minor, units)
    first = max(0, min(odd, start + count) - start)
    return Money(each * count + first, payable.currency)
