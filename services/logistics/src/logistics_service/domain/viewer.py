"""Who looks at a shipment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who is looking: a buyer by the account, or a merchant."""

    account_id: str | None = None
    merchant_id: str | None = None
