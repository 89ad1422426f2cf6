"""One line of an order, with the allocation that was frozen when it was placed (M3, M4, M7)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shop_events.values import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """So many units of a SKU, what they cost together, and what became of them.

    Units are numbered. Each is cancelled or received, in the order of their numbers, and has its
    own exact share of ``payable``: whatever is paid back or settled sums to it.
    """

    line_id: str
    sku_id: str
    merchant_id: str
    name: str
    quantity: int
    unit_price: Money
    discount_share: Money
    cancelled: int = 0
    received: int = 0
    answered: int = 0  # logistics said of so many whether they can still be cancelled

    @property
    def payable(self) -> Money:
        """What all its units cost after discounts."""
        return self.unit_price * self.quantity - self.discount_share

    @property
    def open(self) -> int:
        """How many units were neither cancelled nor received yet."""
        return self.quantity - self.cancelled - self.received

    def cancel(self, units: int) -> tuple[Line, Money]:
        """With these units cancelled, and what they cost. Takes at most what is open."""
        units = min(units, self.open)
        return replace(self, cancelled=self.cancelled + units), self._next_units(units)

    def receive(self, units: int) -> tuple[Line, Money]:
        """With these units received, and what they cost. Takes at most what is open."""
        units = min(units, self.open)
        return replace(self, received=self.received + units), self._next_units(units)

    def answer(self, units: int) -> Line:
        """Logistics answered a cancellation for these units, with yes or no."""
        return replace(self, answered=min(self.answered + units, self.quantity))

    def _next_units(self, count: int) -> Money:
        start = self.cancelled + self.received
        return self.payable.of_units(self.quantity, start=start, count=count)
