"""Speaks HTTP to the shop as one person: patient with what is passing, exact about keys."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
import urllib3

from chassis.http.app import PREFIX
from chassis.http.json_out import write
from shop_events import new_id

PATIENCE_S: Final = 60.0
TIMEOUT: Final = urllib3.Timeout(connect=3.0, read=20.0)
AGAIN_AFTER_S: Final = 0.05
PASSING: Final = frozenset({429, 502, 503, 504})
NOT_YET: Final = frozenset({"order_not_payable_yet", "idempotency_key_in_use"})

TOKEN_ENDED: Final = 401
_pool = urllib3.PoolManager(maxsize=32, retries=False, timeout=TIMEOUT)


class Refused(Exception):
    """The shop said no, or gave no answer within the caller's patience."""

    def __init__(self, method: str, path: str, status: int, body: Any) -> None:
        super().__init__(f"{method} {path} was answered {status}: {body}")
        self.status = status
        self.body = body

    @property
    def code(self) -> str:
        """The problem's stable code."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]


class Caller:
    """Somebody speaking to the shop; ``address`` gives the server for a path.

    ``token`` gives the access token to show with each request; empty for somebody unknown.

    A request that could not be sent, or was told to come again, is repeated with the same
    idempotency key until ``patience_s`` is over: so a killed process costs time, never a second
    effect.
    """

    def __init__(
        self,
        token: Callable[[], str],
        *,
        address: Callable[[str], str],
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._token = token
        self._address = address
        self._patience_s = patience_s

    def get(self, path: str) -> Any:
        """The body of the answer.

        Raises:
            Refused: it was no success.
        """
        return self.ask("GET", path).body

    def post(
        self, path: str, body: object = None, *, key: str | None = None, wait_s: int = 0
    ) -> Any:
        """Send ``body``; the body of the answer. ``wait_s`` asks to hold it (``Prefer: wait``).

        Raises:
            Refused: it was no success.
        """
        headers = {"Idempotency-Key": key or new_id()}
        if wait_s:
            headers["Prefer"] = f"wait={wait_s}"
        return self.ask("POST", path, None if body is None else write(body), headers).body

    def put(self, path: str, body: object) -> Any:
        """Put ``body`` there; the body of the answer.

        Raises:
            Refused: it was no success.
        """
        return self.ask("PUT", path, write(body)).body

    def pages(self, path: str) -> Iterator[Any]:
        """Every item of a list, page by page.

        Raises:
            Refused: it was no success.
        """
        cursor = ""
        while True:
            found = self.get(f"{path}?limit=100{cursor}")
            yield from found["items"]
            if not found["next_cursor"]:
                return
            cursor = f"&cursor={found['next_cursor']}"

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Answer:
        """Any request, repeated while what hinders it is passing.

        Raises:
            Refused: it was no success.
        """
        until = time.monotonic() + self._patience_s
        pause, renewed = threading.Event(), False
        while True:
            token = self._token()
            answer = self._try(method, path, body, {**_shown(token), **headers})
            if 200 <= answer.status < 400:
                return answer
            if answer.status == TOKEN_ENDED and not renewed and self._token() != token:
                renewed = True  # it lived when it was sent, and waited longer than it lives
                continue
            if not _is_passing(answer) or time.monotonic() > until:
                raise Refused(method, path, answer.status, answer.body)
            pause.wait(AGAIN_AFTER_S)

    def _try(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        sent = {"Accept": "application/json", **headers}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        full = PREFIX + path
        try:
            got = _pool.request(
                method, self._address(full) + full, body=body, headers=sent, redirect=False
            )
        except urllib3.exceptions.HTTPError as error:
            return Answer(503, {"code": "unreachable", "detail": type(error).__name__}, {})
        is_json = "json" in got.headers.get("Content-Type", "")
        said = orjson.loads(got.data) if got.data and is_json else got.data.decode() or None
        return Answer(got.status, said, dict(got.headers))


def _shown(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _is_passing(answer: Answer) -> bool:
    code = answer.body.get("code") if isinstance(answer.body, dict) else None
    return answer.status in PASSING or code in NOT_YET
