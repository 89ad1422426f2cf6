"""The hourly sweep over carts that nobody uses."""

from __future__ import annotations

from typing import Final

from cart_service.usecases.end_carts import sweep_carts
from chassis.background import Chore
from chassis.runtime import Runtime

AT_ONCE: Final = 200  # a short transaction each


def sweep(runtime: Runtime) -> int:
    """Delete some; how many."""
    with runtime.database.begin() as tx:
        return sweep_carts(tx, at_most=AT_ONCE)


SWEEP: Final = Chore(name="unused_carts", every_s=3600.0, run=sweep, woken_by_commits=False)
