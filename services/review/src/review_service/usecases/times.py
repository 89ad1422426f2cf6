"""How long people may review, and the name of that deadline."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

REVIEWABLE_FOR: Final = timedelta(days=30)  # after the order's completion (DOMAIN F5, E6)

REVIEWING_OVER: Final = "review.reviewing_over"  # key: order id
