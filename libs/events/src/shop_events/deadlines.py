"""Calls handlers when their time has come. Rows in the service's own database are the truth.

A deadline outlives the broker and any crash: the row is deleted in the transaction that holds the
handler's effect, so the handler's effect happens once (EVENTS.md row 31, DOMAIN.md E5).
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, func, select, update

from shop_events.database import Database
from shop_events.subscriptions import Subscriptions
from shop_events.tables import deadlines
from shop_events.tx import Tx

log = logging.getLogger(__name__)

FIRST_DELAY_S: Final = 5
LONGEST_DELAY_S: Final = 600


class Deadlines:
    """Fires the due deadlines of one service. Several processes may: a row is taken by one."""

    def __init__(
        self, database: Database, subscriptions: Subscriptions, *, strict: bool = False
    ) -> None:
        """``strict``: a failing handler's exception is raised and not put off (for tests)."""
        self._database = database
        self._subscriptions = subscriptions
        self._strict = strict

    def step(self, at_most: int = 50) -> int:
        """Fire what is due, the oldest first; return how many handlers ran.

        A handler that fails is called again 5 s later, then after twice as long, up to ten
        minutes; it is never given up, since a state without its way out would be stuck.
        """
        fired = 0
        while fired < at_most and self._fire_one():
            fired += 1
        return fired

    def next_due(self) -> datetime | None:
        """When the earliest deadline is due."""
        with self._database.read() as connection:
            due: datetime | None = connection.execute(_NEXT_DUE).scalar_one()
            return due

    def _fire_one(self) -> bool:
        due: Row[Any] | None = None
        try:
            with self._database.begin(at="deadline") as tx:
                due = _take_due(tx)
                if due is None:
                    return False
                self._call(tx, due)
        except Exception as error:
            if due is None or self._strict:
                raise
            self._put_off(due, error)
        return True

    def _call(self, tx: Tx, due: Row[Any]) -> None:
        known = self._subscriptions.deadline(due.kind)
        if known is None:
            raise LookupError(f"Nothing is registered for the deadline {due.kind} of {due.key}.")
        with tx.scope(publishes=known.publishes):
            known.handler(due.key, tx)

    def _put_off(self, due: Row[Any], error: Exception) -> None:
        delay_s = min(FIRST_DELAY_S * 2**due.attempts, LONGEST_DELAY_S)
        why = type(error).__name__
        log.error("The deadline %s of %s failed: %s", due.kind, due.key, why, exc_info=error)
        with self._database.begin() as tx:
            tx.connection.execute(
                update(deadlines)
                .where(deadlines.c.kind == due.kind, deadlines.c.key == due.key)
                .where(deadlines.c.due_at == due.due_at)
                .values(
                    attempts=due.attempts + 1,
                    why_late=why,
                    due_at=tx.now + timedelta(seconds=delay_s),
                )
            )


def _take_due(tx: Tx) -> Row[Any] | None:
    """The oldest due row, deleted, and locked against others until this transaction ends."""
    due = tx.connection.execute(_OLDEST_DUE, {"now": tx.now}).first()
    if due is not None:
        tx.connection.execute(_DELETE, {"of_kind": due.kind, "of_key": due.key})
    return due


# Built once: these run after every commit, and building costs more than executing.
_NEXT_DUE: Final = select(func.min(deadlines.c.due_at, type_=deadlines.c.due_at.type))
_OLDEST_DUE: Final = (
    select(deadlines)
    .where(deadlines.c.due_at <= bindparam("now"))
    .order_by(deadlines.c.due_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_DELETE: Final = delete(deadlines).where(
    deadlines.c.kind == bindparam("of_kind"), deadlines.c.key == bindparam("of_key")
)
