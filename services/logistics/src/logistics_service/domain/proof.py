"""A night's proof of the stock ledger (DOMAIN.md S2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One night's proof: how many levels were looked at so far, and how many were wrong.

    ``after_sku`` is the last SKU looked at; ``finished_at`` None: there are more.
    """

    night: str
    after_sku: str = ""
    checked: int = 0
    wrong: int = 0
    started_at: datetime
    finished_at: datetime | None = None
