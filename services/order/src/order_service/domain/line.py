"""One line of an order, with the allocation that was frozen when it was placed (M3, M4, M7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from order_service.domain.catalogue import Goods
from order_service.domain.units import Run, count
from shop_events.values import Money, total


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """So many units of a SKU, what they cost together, and what became of them.

    Units are numbered, by logistics: each is cancelled or received and has its own exact share of
    ``payable``, so that whatever is paid back or settled sums to it, and to the cash that is taken
    at the door.
    """

    line_id: str
    sku_id: str
    merchant_id: str
    name: str
    quantity: int
    unit_price: Money
    discount_share: Money
    goods: Goods | None = None  # what they were when they were ordered (O5)
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

    def cancel(self, units: Iterable[Run]) -> tuple[Line, Money]:
        """With these units cancelled, and what they cost. Takes at most what is open."""
        runs = self._still_open(units)
        return replace(self, cancelled=self.cancelled + count(runs)), self._cost(runs)

    def receive(self, units: Iterable[Run]) -> tuple[Line, Money]:
        """With these units received, and what they cost. Takes at most what is open."""
        runs = self._still_open(units)
        return replace(self, received=self.received + count(runs)), self._cost(runs)

    def answer(self, units: Iterable[Run]) -> Line:
        """Logistics answered a cancellation for these units, with yes or no."""
        return replace(self, answered=min(self.answered + count(units), self.quantity))

    def _still_open(self, units: Iterable[Run]) -> list[Run]:
        left, runs = self.open, []
        for run in units:
            runs.append(replace(run, count=min(run.count, left)))
            left -= runs[-1].count
        return runs

    def _cost(self, runs: Iterable[Run]) -> Money:
        """By the numbers that were told. Where none was, the next are meant, one after another."""
        after, costs = self.cancelled + self.received, []
        for run in runs:
            start = after if run.first is None else run.first
            costs.append(self.payable.of_units(self.quantity, start=start, count=run.count))
            after += run.count
        return total(costs, self.payable.currency)
