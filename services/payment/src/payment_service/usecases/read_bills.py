"""Look at the bills that were handed in."""

from __future__ import annotations

from typing import Any

from payment_service.store import remittances
from shop_events.sql import Connection


def read_bills(connection: Connection, *, before: str | None, limit: int) -> list[dict[str, Any]]:
    """What was answered to bills, the newest first, from behind ``before``; for an admin."""
    return remittances.newest(connection, before=before, limit=limit)
