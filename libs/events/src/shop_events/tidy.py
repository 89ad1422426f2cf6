"""Forgets what nobody will ask for any more: events sent long ago, and ids of events handled."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final

from sqlalchemy import delete

from shop_events.database import Database
from shop_events.tables import inbox, outbox

# So long can sent events be sent again from the outbox (DESIGN.md, libs/events).
SENT_ROWS_KEEP: Final = timedelta(days=7)

# Longer than the ladder, the log that can be replayed and a private dead letter's life put
# together: an event that comes again by any of these roads is still known (EVENTS.md row 11).
INBOX_KEEPS: Final = timedelta(days=45)

EVERY_S: Final = 3600.0


class Tidy:
    """Keeps outbox and inbox of one service from growing for ever."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._next_at = 0.0

    def now_and_then(self) -> int:
        """Do it, unless it was done within the hour; how many rows went."""
        if time.monotonic() < self._next_at:
            return 0
        self._next_at = time.monotonic() + EVERY_S
        return self.now()

    def now(self) -> int:
        """Delete what is old enough; how many rows went. What is unsent stays, however old."""
        with self._database.begin(at="tidy") as tx:
            sent = delete(outbox).where(outbox.c.sent_at < tx.now - SENT_ROWS_KEEP)
            handled = delete(inbox).where(inbox.c.handled_at < tx.now - INBOX_KEEPS)
            return sum(int(tx.connection.execute(gone).rowcount) for gone in (sent, handled))
