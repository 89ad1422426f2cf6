"""What somebody bought, has, and may speak about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewableLine:
    """A received order line of a product that is known.

    ``closes_at`` is when reviewing ends (F5); None until the order is completed.
    """

    order_id: str
    line_id: str
    sku_id: str
    product_id: str
    merchant_id: str
    received_at: datetime
    closes_at: datetime | None
