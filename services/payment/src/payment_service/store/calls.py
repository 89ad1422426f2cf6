"""What is to be asked of a provider, and when: outstanding work that outlives any process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, select, update

from payment_service.store.tables import provider_calls
from shop_events.sql import insert_on

# A call that was begun is begun again after this time: whoever began it has died. Longer than any
# provider's time limit, so that two never ask at once (and if they do, keys make it harmless).
LEASE: Final = timedelta(seconds=60)


class CallKind(StrEnum):
    """What a call is about; its key is the id of that."""

    QUERY = "query"  # what became of a payment?
    REFUND = "refund"  # pay this refund back


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One question; ``attempts`` counts how often the provider was asked before.

    ``taken_until``: until then, whoever claimed it is asking.
    """

    kind: CallKind
    key: str
    attempts: int = 0
    taken_until: datetime | None = None


def want(connection: Connection, call: Call, due_at: datetime) -> None:
    """Have the provider asked at ``due_at``; quiet when that is wanted already."""
    new = insert_on(connection, provider_calls).values(
        kind=call.kind, key=call.key, due_at=due_at, attempts=call.attempts
    )
    connection.execute(new.on_conflict_do_nothing())


def hasten(connection: Connection, kind: CallKind, key: str, now: datetime) -> None:
    """Have the provider asked now, whatever was wanted before."""
    new = insert_on(connection, provider_calls).values(kind=kind, key=key, due_at=now, attempts=0)
    keys = ["kind", "key"]
    connection.execute(new.on_conflict_do_update(index_elements=keys, set_={"due_at": now}))


def done(connection: Connection, kind: CallKind, key: str) -> None:
    """The answer is known; quiet when nothing was wanted."""
    connection.execute(delete(provider_calls).where(_is(kind, key)))


def put_off(connection: Connection, call: Call, due_at: datetime) -> bool:
    """Ask again at ``due_at``, if the answer is still open; whether it was.

    One that was hastened while the provider was being asked stays due.
    """
    later = (
        update(provider_calls)
        .where(_is(call.kind, call.key), provider_calls.c.due_at == call.taken_until)
        .values(due_at=due_at)
    )
    return connection.execute(later).rowcount > 0


def is_any_due(connection: Connection, now: datetime) -> bool:
    """Whether there is something to ask now."""
    query = select(provider_calls.c.key).where(provider_calls.c.due_at <= now).limit(1)
    return connection.execute(query).first() is not None


def claim(connection: Connection, now: datetime) -> Call | None:
    """The oldest due call, taken for a minute; others pass over a row that is being taken."""
    oldest = (
        select(provider_calls)
        .where(provider_calls.c.due_at <= now)
        .order_by(provider_calls.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(oldest).first()
    if row is None:
        return None
    until = now + LEASE
    call = Call(kind=CallKind(row.kind), key=row.key, attempts=row.attempts, taken_until=until)
    taken = {"due_at": until, "attempts": row.attempts + 1}
    connection.execute(update(provider_calls).where(_is(call.kind, call.key)).values(**taken))
    return call


def wanted(connection: Connection) -> set[tuple[str, str]]:
    """The kind and key of everything still to be asked; for the audit."""
    rows = connection.execute(select(provider_calls.c.kind, provider_calls.c.key))
    return {(row.kind, row.key) for row in rows}


def _is(kind: CallKind, key: str) -> ColumnElement[bool]:
    return (provider_calls.c.kind == kind) & (provider_calls.c.key == key)
