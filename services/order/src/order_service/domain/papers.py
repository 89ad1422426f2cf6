"""What belongs to an order and is rarely read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from order_service.domain.quote import Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """To whom an order goes, and why it costs what it costs.

    ``explanation`` and ``accepted`` (the changes its buyer agreed to) are None where the prices
    were given.
    """

    destination: Destination
    note: str | None
    explanation: Any
    accepted: Any
