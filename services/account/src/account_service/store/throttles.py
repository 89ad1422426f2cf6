"""How often something was tried; shared by all processes, and still there after a restart."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Executable, bindparam, delete, update

from account_service.domain.throttle import Rule, Tally
from account_service.store.tables import throttles
from shop_events.sql import Upsert, on_conflict


def count(connection: Connection, key: str, rule: Rule, now: datetime) -> None:
    """Count one more try under this key; its row is locked until this transaction ends.

    Raises:
        TooManyTries: the rule does not allow it yet.
    """
    # One statement finds it or makes it: what is only found may be forgotten before it is locked.
    locked = on_conflict(connection, throttles, _or_lock)
    seen = connection.execute(locked, {"key": key, "tries": 0, "until": now}).one()
    tally = rule.counted(Tally(seen.tries, seen.until) if seen.tries else None, now)
    connection.execute(_WRITE, {"of_key": key, "tries": tally.count, "until": tally.until})


def forget(connection: Connection, key: str) -> None:
    """What was tried under this key counts no more."""
    connection.execute(_FORGET, {"of_key": key})


def forget_like(connection: Connection, prefix: str) -> None:
    """As `forget`, for all keys that begin so."""
    connection.execute(delete(throttles).where(throttles.c.key.startswith(prefix, autoescape=True)))


def _or_lock(row: Upsert) -> Executable:
    as_it_is = {"tries": throttles.c.tries}
    locked = row.on_conflict_do_update(index_elements=[throttles.c.key], set_=as_it_is)
    return locked.returning(throttles.c.tries, throttles.c.until)


_WRITE: Final = update(throttles).where(throttles.c.key == bindparam("of_key"))
_FORGET: Final = delete(throttles).where(throttles.c.key == bindparam("of_key"))
