"""Forgets what nobody will ask for any more: events sent long ago, and ids of events handled."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, tuple_

from shop_events.database import Database
from shop_events.tables import inbox, outbox

# So long can sent events be sent again from the outbox (DESIGN.md, libs/events).
SENT_ROWS_KEEP: Final = timedelta(days=7)

# Longer than the ladder, the log that can be replayed and a private dead letter's life put
# together: an event that comes again by any of these roads is still known (EVENTS.md row 11).
INBOX_KEEPS: Final = timedelta(days=45)

EVERY_S: Final = 3600.0

# So many rows of each table in one transaction: it must end long before its time limit, and on
# SQLite everybody waits for it. While there is more, the next part follows after a second.
SWEPT_AT_ONCE: Final = 1_000
SOON_S: Final = 1.0


class Tidy:
    """Keeps outbox and inbox of one service from growing for ever."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._next_at = 0.0

    def now_and_then(self) -> int:
        """Do some of it, unless all was done within the hour; how many rows went."""
        if time.monotonic() < self._next_at:
            return 0
        self._next_at = time.monotonic() + EVERY_S
        gone = self.now()
        if gone >= SWEPT_AT_ONCE:
            self._next_at = time.monotonic() + SOON_S
        return gone

    def now(self) -> int:
        """Delete some of what is old enough; how many rows went. What is unsent stays."""
        with self._database.begin(at="tidy") as tx:
            sent = delete(outbox).where(
                outbox.c.sent_at < tx.now - SENT_ROWS_KEEP, outbox.c.position.in_(_FIRST_SENT)
            )
            handled = delete(inbox).where(
                inbox.c.handled_at < tx.now - INBOX_KEEPS, _KEY.in_(_FIRST_HANDLED)
            )
            return sum(int(tx.connection.execute(gone).rowcount) for gone in (sent, handled))


# Along an index from its start, so that looking costs no more than deleting.
_FIRST_SENT: Final = (
    select(outbox.c.position)
    .where(outbox.c.sent_at.is_not(None))
    .order_by(outbox.c.position)
    .limit(SWEPT_AT_ONCE)
)
_KEY: Final = tuple_(inbox.c.consumer, inbox.c.event_id)
_FIRST_HANDLED: Final = (
    select(inbox.c.consumer, inbox.c.event_id).order_by(inbox.c.handled_at).limit(SWEPT_AT_ONCE)
)
