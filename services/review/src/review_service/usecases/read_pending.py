"""Look up what somebody may review."""

from __future__ import annotations

from datetime import datetime

from review_service.domain.line import ReviewableLine
from review_service.store import orders
from shop_events.sql import Connection


def read_pending(
    connection: Connection,
    account_id: str,
    *,
    now: datetime,
    after: tuple[str, str] | None,
    at_most: int,
) -> list[ReviewableLine]:
    """The account's received lines that may still be reviewed, those of the newest order first."""
    return orders.reviewable(connection, account_id, now=now, after=after, at_most=at_most)
