"""Carriers that say nothing are asked, along a ladder of 6, 24 and 48 hours (FEATURES row 87).

short transaction     takes a question that is due, so that nobody else asks it
the call              tells all the carrier ever saw, or is lost
short transaction     puts what is new in its place, and says when to ask again
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chassis.background import Chore
from chassis.runtime import Runtime
from logistics_service.domain.trace import Trace
from logistics_service.outside.carrier import Carriers
from logistics_service.store import questions
from logistics_service.store.questions import Question
from logistics_service.usecases import times
from logistics_service.usecases.call_carrier import ask_where
from logistics_service.usecases.follow_parcel import TOLD, follow_parcel
from shop_events import Database

EVERY_S: Final = 60.0
AT_ONCE: Final = 20


def ask_silent_carriers(database: Database, carriers: Carriers) -> int:
    """Ask what is due to be asked; how many questions that were."""
    asked = 0
    while asked < AT_ONCE and _ask_one(database, carriers):
        asked += 1
    return asked


def _ask_one(database: Database, carriers: Carriers) -> bool:
    now = database.clock.now()
    with database.read() as connection:
        if not questions.is_any_due(connection, now):
            return False
    with database.begin() as tx:
        question = questions.claim(tx.connection, now, back_at=now + times.ASKING_TAKES)
    if question is None:
        return False
    _record(database, question, ask_where(carriers, question.carrier, question.waybill) or ())
    return True


def _record(database: Database, question: Question, seen: Sequence[Trace]) -> None:
    with database.begin(publishes=TOLD) as tx:
        for trace in seen:
            follow_parcel(tx, question.waybill, trace)
        # Last, as everywhere: the fulfilment's row is locked first. What is new has put it off.
        later = tx.now + times.ask_after(question.attempts + 1)
        questions.put_off(tx.connection, question, later)


def _ask(runtime: Runtime) -> int:
    return ask_silent_carriers(runtime.database, runtime.outside_as(Carriers))


ASKING: Final = Chore(
    name="silent-carriers", every_s=EVERY_S, run=_ask, woken_by_commits=False, publishes=TOLD
)
