"""Whether a process lives, and whether it is ready to be given work.

The broker is not among the checks of a web process: with the broker down, orders are still taken
and their events wait in the outbox (FEATURES: a part that fails takes nothing else with it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from chassis.requests import current_runtime
from chassis.routes import anyone
from chassis.runtime import Runtime

Checks = Mapping[str, str]


def checks(runtime: Runtime) -> dict[str, str]:
    """Each check and ``ok``, or in a few words what is wrong; no secrets, no addresses."""
    if not runtime.database.reachable():
        return {"database": "does not answer"}
    return {"database": "ok", "migrations": _migrations(runtime)}


def install(app: Flask, also: Callable[[], Checks] = dict) -> None:
    """``/health/live`` and ``/health/ready``; ``also`` adds checks of this process."""

    @app.get("/health/live")
    @anyone
    def live() -> ResponseReturnValue:
        return {"status": "ok"}

    @app.get("/health/ready")
    @anyone
    def ready() -> ResponseReturnValue:
        found = {**checks(current_runtime()), **also()}
        good = all(answer == "ok" for answer in found.values())
        said = {"status": "ready" if good else "not_ready", "checks": found}
        return said, 200 if good else 503


def _migrations(runtime: Runtime) -> str:
    from chassis import migrate  # alembic takes 0.13 s to import, and a worker never needs it

    try:
        missing = migrate.pending(runtime.service, runtime.database)
    except SQLAlchemyError:
        return "cannot be read"
    return f"{len(missing)} to be applied" if missing else "ok"
