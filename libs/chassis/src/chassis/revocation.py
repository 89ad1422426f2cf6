"""Sessions whose access tokens count no more although they still live (SECURITY.md part 2).

Account says which (`account.sessions_revoked`, `account.disabled`); every service keeps a list of
its own, so it refuses them while account is down, too. A service takes part with one line beside
its handlers, and with the table in its migrations:

    listen(subscriptions)

From the event's arrival a token is refused within a second in every process of the service. A row
is kept until the last token it can be about has ended.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime
from typing import Final

from sqlalchemy import Executable, bindparam, delete, select

from chassis.identity import Identity
from chassis.revocation_table import revocations
from chassis.tokens import LEEWAY, LONGEST_LIFE
from shop_events import Database, Subscriptions, Tx
from shop_events.contracts.account import AccountDisabled, AccountSessionsRevoked
from shop_events.sql import Upsert, on_conflict

EVERY_SESSION: Final = ""
LOOK_EVERY_S: Final = 1.0


def listen(subscriptions: Subscriptions) -> None:
    """Keep the list from what account says. A list that was told twice, or late, is the same."""

    @subscriptions.on(AccountSessionsRevoked)
    def deny_when_revoked(event: AccountSessionsRevoked, tx: Tx) -> None:
        for session_id in event.session_ids or (EVERY_SESSION,):
            deny(tx, event.account_id, session_id, until=event.at)

    @subscriptions.on(AccountDisabled)
    def deny_when_disabled(event: AccountDisabled, tx: Tx) -> None:
        deny(tx, event.account_id, EVERY_SESSION, until=event.at)


def listens(subscriptions: Subscriptions) -> bool:
    """Whether the service keeps a list."""
    return subscriptions.find("account.sessions_revoked") is not None


def deny(tx: Tx, account_id: str, session_id: str, *, until: datetime) -> None:
    """Refuse what was issued to this session until that instant; a later instant counts."""
    values = {"account_id": account_id, "session_id": session_id, "issued_until": until}
    tx.connection.execute(on_conflict(tx.connection, revocations, _later), values)


def prune(database: Database) -> int:
    """Forget what no token can be about any more; how many rows that were."""
    with database.begin(at="prune") as tx:
        forgotten = tx.connection.execute(_PRUNE, {"before": tx.now - LONGEST_LIFE - 2 * LEEWAY})
        return forgotten.rowcount


class Revocations:
    """The list, as a process sees it: read at most once a second, since few are ever revoked."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, str], datetime] = {}
        self._look_again_at = 0.0

    def revoked(self, identity: Identity, *, issued_at: datetime) -> bool:
        """Whether a token issued then for this identity no longer counts."""
        self._look()
        sessions = (identity.session_id, EVERY_SESSION)
        ends = (self._seen.get((identity.subject, session)) for session in sessions)
        return any(end is not None and issued_at <= end for end in ends)

    def _look(self) -> None:
        with self._lock:
            if time.monotonic() < self._look_again_at:
                return
            with self._database.read() as connection:
                rows = connection.execute(_ALL).all()
            self._seen = {(row.account_id, row.session_id): row.issued_until for row in rows}
            self._look_again_at = time.monotonic() + LOOK_EVERY_S


def deny_list_of(database: Database, subscriptions: Subscriptions) -> Revocations | None:
    """The list of a service that keeps one."""
    return Revocations(database) if listens(subscriptions) else None


def _later(row: Upsert) -> Executable:
    new = row.excluded.issued_until
    return row.on_conflict_do_update(
        index_elements=["account_id", "session_id"],
        set_={"issued_until": new},
        where=revocations.c.issued_until < new,
    )


_ALL: Final = select(revocations)
_PRUNE: Final = delete(revocations).where(revocations.c.issued_until < bindparam("before"))
