"""Money that arrived for an order."""

from __future__ import annotations

from dataclasses import dataclass

from shop_events.values import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Captured money. ``expected``: the order waited for it; any other goes back (P9)."""

    id: str
    amount: Money
    expected: bool
