"""Where a town of people stands: in this process, or on either way to run, asked over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol

import orjson
import urllib3
from flask import request_started
from sqlalchemy import event
from werkzeug.test import Client

from chassis.http.app import PREFIX
from chassis.problems import MEDIA_TYPE
from shop_events import Database, ManualClock
from shop_suite.audit.town import TownAudit
from shop_suite.chaos.ways import Way
from shop_suite.embedded import Embedded
from shop_suite.replay import MovableClock

# Looked at once a second, by whichever request comes first then; see `chassis.revocation`.
DENY_LIST: Final = "FROM revocations"
BEGIN: Final = "BEGIN"  # the statement of that look, too; what follows one is counted
_pool = urllib3.PoolManager(maxsize=32, retries=False, timeout=30.0)
# A connection that is kept is closed by the other side just when it is used again, now and then.
CLOSE: Final = {"Connection": "close"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What an answer took: a longer way for what is there could be told by its time."""

    statements: int = 0
    calls: int = 0  # of services, by the gateway


@dataclass(frozen=True, slots=True)
class Said:
    """What the town answered; ``cost`` where the town stands in this process."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(repr=False)
    cost: Cost = field(default=Cost(), repr=False)

    @property
    def code(self) -> str:
        """A problem's stable code."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


class Ground(Protocol):
    """A town that stands and is open."""

    @property
    def clock(self) -> MovableClock:
        """The whole town's."""

    @property
    def audit(self) -> TownAudit:
        """What can be proved about it."""

    def ask(self, method: str, path: str, raw: bytes | None, sent: Mapping[str, str]) -> Said:
        """What is answered to one request, once."""


class InThisProcess:
    """An embedded town with a clock to move, whose gateway is called, not connected to."""

    def __init__(self, folder: Path) -> None:
        self.clock: MovableClock = (clock := ManualClock())
        self._embedded = Embedded(folder, clock=clock)
        databases = {name: one.database for name, one in self._embedded.runtimes.items()}
        self.audit = TownAudit(self._embedded.services, databases, self._embedded.broker, folder)
        self._meter = Meter(databases.values())

    def ask(self, method: str, path: str, raw: bytes | None, sent: Mapping[str, str]) -> Said:
        """What is answered, and what that took."""

        def ask() -> Said:
            client = Client(self._embedded.wsgi)
            got = client.open(PREFIX + path, method=method, data=raw, headers=dict(sent))
            return _said(got.status_code, got.get_data(), dict(got.headers))

        return self._meter.measured(ask)

    def __enter__(self) -> InThisProcess:
        self._embedded.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._embedded.stop()


class OverHttp:
    """A town of processes, on either way to run."""

    def __init__(self, way: Way) -> None:
        self.clock: MovableClock = way.clock
        self.audit = way.audit
        self._address = way.road().address

    def ask(self, method: str, path: str, raw: bytes | None, sent: Mapping[str, str]) -> Said:
        """What is answered."""
        full = PREFIX + path
        url = self._address(full) + full
        got = _pool.request(method, url, body=raw, headers={**sent, **CLOSE}, redirect=False)
        return _said(got.status, got.data, dict(got.headers))


class Meter:
    """Counts, for each thread, the statements and the calls of services that it makes."""

    def __init__(self, databases: Iterable[Database]) -> None:
        self._mine = threading.local()
        for one in databases:
            event.listen(one.engine, "before_cursor_execute", self._statement)
        request_started.connect(self._call)

    def measured(self, ask: Callable[[], Said]) -> Said:
        """The answer with its cost."""
        self._mine.cost = Cost()
        said = ask()
        return replace(said, cost=self._mine.cost)

    def _statement(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        cost = getattr(self._mine, "cost", None)  # none in the town's own threads
        counts = DENY_LIST not in statement and not statement.startswith(BEGIN)
        if cost is not None and counts:
            self._mine.cost = replace(cost, statements=cost.statements + 1)

    def _call(self, _app: object, **_: object) -> None:
        cost = getattr(self._mine, "cost", None)
        if cost is not None:
            self._mine.cost = replace(cost, calls=cost.calls + 1)


def _said(status: int, data: bytes, headers: Mapping[str, str]) -> Said:
    kind = headers.get("Content-Type", "").partition(";")[0]
    is_json = kind in ("application/json", MEDIA_TYPE) and data
    return Said(status, orjson.loads(data) if is_json else data, headers)
