"""One town behind its gateway, and seven people who speak to it as themselves.

Ann buys, and Mo sells to her. Bob and Fay do the same with each other: they are whom Ann's and Mo's
things are no business of. Ada runs the shop; Dan was a buyer until she closed his account; Nobody
never signed in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from chassis.http.json_out import write
from shop_events import new_id
from shop_suite.audit.quiet import wait_until_quiet
from tests.journeys.grounds import Ground, InThisProcess, Said
from tests.support import eventually

NOBODY: Final = "nobody"
PASSWORD: Final = "seven-people-in-one-town"
CLERKS: Final = {"mo": "m-clay", "fay": "m-felt"}
ROLES: Final = {
    "ann": "shopper",
    "bob": "shopper",
    "dan": "shopper",
    "mo": "merchant",
    "fay": "merchant",
    "ada": "admin",
}
PEOPLE: Final = (NOBODY, *ROLES)
SIGNS_IN_AGAIN_AFTER: Final = timedelta(minutes=8)  # of the ten that a token lives
OF_EACH_SERVICE: Final = (
    *("/account/me", "/catalog/categories", "/cart", "/orders", "/payments?order_id=o-1"),
    *("/shipments?order_id=o-1", "/aftersales/eligible?order_id=o-1", "/reviews/pending"),
    "/notifications",
)
TOO_BUSY: Final = 503
BUSY_AT_MOST_S: Final = 10.0
TOWN_WITHIN_S: Final = 30.0


class Town:
    """An open town with people in it, wherever it stands."""

    def __init__(self, ground: Ground) -> None:
        self.clock = ground.clock
        self._ground = ground
        self._audit = ground.audit
        self._here: set[str] = set()
        self._sessions: dict[str, tuple[datetime, dict[str, Any]]] = {}
        self._dan = ""
        self._lock = threading.RLock()

    def ask(self, who: str, call: str, body: object = None, **headers: str) -> Said:
        """What the town says to ``who`` for ``call``, "GET /orders"; a body that is bytes is sent
        as it is. Header names have underscores for hyphens here. Who is told that the town is busy
        just now comes again, as the same request.
        """
        method, path = call.split(" ", 1)
        sent = {"Idempotency-Key": new_id(), "Content-Type": "application/json"}
        if who != NOBODY:
            sent["Authorization"] = f"Bearer {self.token(who)}"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if body is None:
            del sent["Content-Type"]
        raw = body if isinstance(body, bytes) or body is None else write(body)
        until, pause = time.monotonic() + BUSY_AT_MOST_S, threading.Event()
        while (said := self._ground.ask(method, path, raw, sent)).status == TOO_BUSY:
            if time.monotonic() > until:
                break
            pause.wait(0.1)
        return said

    def get(self, who: str, call: str, body: object = None, **headers: str) -> Any:
        """As `ask`, for what must succeed: the body of the answer."""
        said = self.ask(who, call, body, **headers)
        assert 200 <= said.status < 300, f"{who} was answered to {call}: {said}"
        return said.body

    def soon(self, who: str, call: str, body: object = None, **headers: str) -> Any:
        """As `get`, once the events that it needs have come."""
        return eventually(lambda: (self.get(who, call, body, **headers),), within_s=TOWN_WITHIN_S)[
            0
        ]

    def token(self, who: str) -> str:
        """An access token that still counts; Dan's did."""
        return str(self.session(who)["access_token"])

    def session(self, who: str) -> dict[str, Any]:
        """Both tokens of the session somebody has now; Dan's was ended."""
        with self._lock:
            since, pair = self._sessions.get(who, (None, {}))
            if since is None or self.clock.now() - since > SIGNS_IN_AGAIN_AFTER:
                pair = self._dans_last() if who == "dan" else self.sign_in(who)
                self._sessions[who] = (self.clock.now(), pair)
        return pair

    def _dans_last(self) -> dict[str, Any]:
        """He signs in, Ada closes his account, and all services have heard of it."""
        if "dan" in self._sessions:
            self.get("ada", f"POST /admin/accounts/{self._dan}/enable")
        pair = self.sign_in("dan")
        bearer = {"Authorization": f"Bearer {pair['access_token']}"}
        self._dan = self._dan or str(self.get(NOBODY, "GET /account/me", **bearer)["id"])
        self.get("ada", f"POST /admin/accounts/{self._dan}/disable")
        for path in OF_EACH_SERVICE:
            eventually(lambda path=path: self.ask(NOBODY, f"GET {path}", **bearer).status == 401)  # type: ignore[misc]
        return pair

    def sign_in(self, who: str) -> dict[str, Any]:
        """A new session, with the password; of an account that is opened if there is none."""
        with self._lock:
            if who not in self._here:
                self.get(NOBODY, "POST /dev/accounts", _account(who))
                self._here.add(who)
        said = {"identifier": _mail(who), "password": PASSWORD, "role": ROLES[who]}
        pair: dict[str, Any] = self.get(NOBODY, "POST /auth/login", said)
        return pair

    def settle_in(self) -> None:
        """Everybody opens an account and signs in, and Ada closes Dan's."""
        for who in ROLES:
            self.session(who)
        self.rest()

    def rest(self) -> None:
        """Wait until no event is on its way."""
        wait_until_quiet(self._audit.events, within_s=TOWN_WITHIN_S)

    def pass_time(self, by: timedelta) -> None:
        """Move the clock; sessions end meanwhile, and deadlines pass."""
        self.clock.set(self.clock.now() + by)
        self.rest()

    def prove(self) -> None:
        """Nothing is lost, doubled, or half done."""
        self.rest()
        problems = list(self._audit.problems())
        assert not problems, "\n".join(problems)

    def told(self) -> dict[str, int]:
        """How many events each service has ever said."""
        return {name: len(list(self._outbox(name))) for name in self._audit.databases}

    def _outbox(self, name: str) -> Iterator[Any]:
        with self._audit.databases[name].read() as connection:
            yield from connection.exec_driver_sql("SELECT id FROM outbox")


@contextmanager
def lived_in(folder: Path) -> Iterator[Town]:
    """A town with its people while the block lasts; it must be sound when it is left."""
    with InThisProcess(folder) as ground:
        town = Town(ground)
        town.settle_in()
        yield town
        town.prove()


def all_at_once(works: Sequence[Callable[[], Said]]) -> list[Said]:
    """What the town says to all of them, who begin at the same instant."""
    gate = threading.Barrier(len(works), timeout=TOWN_WITHIN_S)

    def work(one: Callable[[], Said]) -> Said:
        gate.wait()
        return one()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result(TOWN_WITHIN_S) for one in [pool.submit(work, one) for one in works]]


def statuses(said: Iterable[Said]) -> list[int]:
    """The least first."""
    return sorted(one.status for one in said)


def _mail(who: str) -> str:
    return f"{who}@town.example"


def _account(who: str) -> dict[str, Any]:
    body = {
        "email": _mail(who),
        "password": PASSWORD,
        "display_name": who.title(),
        "role": ROLES[who],
    }
    if who in CLERKS:
        body |= {"merchant_id": CLERKS[who], "merchant_name": f"{who.title()} & Co"}
    return body
