"""Which carriers are to be asked about which parcels, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Executable, bindparam, delete, exists, select, update

from logistics_service.store.tables import carrier_questions, parcels
from shop_events.sql import Upsert, on_conflict

_Q = carrier_questions.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A carrier is asked where this parcel is, after ``attempts`` questions in vain."""

    parcel_id: str
    carrier: str
    waybill: str
    attempts: int
    due_at: datetime


def put(connection: Connection, parcel_id: str, due_at: datetime) -> None:
    """Ask at that time unless something is heard before; an earlier plan is replaced."""
    values = {"parcel_id": parcel_id, "attempts": 0, "due_at": due_at}
    connection.execute(on_conflict(connection, carrier_questions, _replace), values)


def drop(connection: Connection, parcel_id: str) -> None:
    """Nobody needs to ask about it any more."""
    connection.execute(_DROP, {"of_parcel": parcel_id})


def is_any_due(connection: Connection, now: datetime) -> bool:
    """Whether there is something to ask."""
    return bool(connection.execute(_ANY_DUE, {"now": now}).scalar_one())


def claim(connection: Connection, now: datetime, *, back_at: datetime) -> Question | None:
    """The question that is due the longest, now this worker's; others see it again ``back_at``."""
    row = connection.execute(_OLDEST_DUE, {"now": now}).first()
    if row is None:
        return None
    later = update(carrier_questions).where(_Q.parcel_id == row.parcel_id)
    connection.execute(later.values(due_at=back_at))
    return Question(
        parcel_id=row.parcel_id,
        carrier=row.carrier,
        waybill=row.waybill,
        attempts=row.attempts,
        due_at=back_at,
    )


def put_off(connection: Connection, question: Question, due_at: datetime) -> None:
    """Ask again then, unless something was heard since it was claimed."""
    unheard = (_Q.parcel_id == question.parcel_id) & (_Q.due_at == question.due_at)
    later = update(carrier_questions).where(unheard)
    connection.execute(later.values(attempts=question.attempts + 1, due_at=due_at))


def _replace(row: Upsert) -> Executable:
    new = row.excluded
    changed = {"attempts": new.attempts, "due_at": new.due_at}
    return row.on_conflict_do_update(index_elements=["parcel_id"], set_=changed)


_DROP: Final = delete(carrier_questions).where(_Q.parcel_id == bindparam("of_parcel"))
_ANY_DUE: Final = select(exists().where(_Q.due_at <= bindparam("now")))
_OLDEST_DUE: Final = (
    select(carrier_questions, parcels.c.carrier, parcels.c.waybill)
    .join(parcels, parcels.c.id == _Q.parcel_id)
    .where(_Q.due_at <= bindparam("now"))
    .order_by(_Q.due_at)
    .limit(1)
    .with_for_update(skip_locked=True, of=carrier_questions)
)
