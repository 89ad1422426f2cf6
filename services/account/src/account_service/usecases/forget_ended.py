"""Forget what is over: codes, sessions, counters."""

from __future__ import annotations

from typing import Final

from account_service.store import ended
from chassis.background import Chore
from chassis.runtime import Runtime

EVERY_S: Final = 3600.0


def forget_ended(runtime: Runtime) -> int:
    """Delete a few hundred rows that no rule can ask for any more; how many."""
    with runtime.database.begin() as tx:
        return ended.forget(tx.connection, tx.now)


FORGET_ENDED: Final = Chore(
    name="forget-ended", every_s=EVERY_S, run=forget_ended, woken_by_commits=False
)
