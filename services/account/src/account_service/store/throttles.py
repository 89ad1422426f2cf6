"""How often something was tried; shared by all processes, and still there after a restart."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select, update

from account_service.domain.throttle import Rule, Tally
from account_service.store.tables import throttles
from shop_events.sql import insert_once


def count(connection: Connection, key: str, rule: Rule, now: datetime) -> None:
    """Count one more try under this key; its row is locked until this transaction ends.

    Raises:
        TooManyTries: the rule does not allow it yet.
    """
    first = rule.counted(None, now)
    row = {"key": key, "tries": first.count, "until": first.until}
    if insert_once(connection, throttles, row):
        return
    seen = connection.execute(_LOCKED, {"of_key": key}).one()
    tally = rule.counted(Tally(seen.tries, seen.until), now)
    connection.execute(_WRITE, {"of_key": key, "tries": tally.count, "until": tally.until})


def forget(connection: Connection, key: str) -> None:
    """What was tried under this key counts no more."""
    connection.execute(_FORGET, {"of_key": key})


def forget_like(connection: Connection, prefix: str) -> None:
    """As `forget`, for all keys that begin so."""
    connection.execute(delete(throttles).where(throttles.c.key.startswith(prefix, autoescape=True)))


_LOCKED: Final = select(throttles).where(throttles.c.key == bindparam("of_key")).with_for_update()
_WRITE: Final = update(throttles).where(throttles.c.key == bindparam("of_key"))
_FORGET: Final = delete(throttles).where(throttles.c.key == bindparam("of_key"))
