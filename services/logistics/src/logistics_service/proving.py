"""The nightly proof of the stock ledger, as a chore (FEATURES row 80)."""

from __future__ import annotations

from typing import Final

from chassis.background import Chore
from chassis.runtime import Runtime
from logistics_service.usecases.prove_stock import prove_stock

EVERY_S: Final = 600.0


def _prove(runtime: Runtime) -> int:
    return prove_stock(runtime.database)


PROVING: Final = Chore(name="prove-stock", every_s=EVERY_S, run=_prove, woken_by_commits=False)
