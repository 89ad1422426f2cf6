"""A service as the gateway sees it: it answers a call by a certain time, or does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]


class Unreachable(Exception):
    """The service gave no answer: it is down, or broke off. ``sent``: it may have done it."""

    def __init__(self, why: str, *, sent: bool) -> None:
        super().__init__(why)
        self.sent = sent


class TooSlow(Exception):
    """The service did not answer by the deadline; it may have done it, or do it yet."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said; ``close`` of the body lets go of the connection."""

    status: str  # "201 Created"
    headers: Headers
    body: Iterable[bytes]


class Upstream(Protocol):
    """One service."""

    def answer(self, call: WSGIEnvironment, *, within_s: float, streamed: bool) -> Answer:
        """Have the service answer ``call``, which holds nothing any more that it must not see.

        Raises:
            Unreachable or TooSlow: it did not.
        """


class InProcess:
    """A service in this process: called, not connected to. Nothing can cut it short."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def answer(self, call: WSGIEnvironment, *, within_s: float, streamed: bool) -> Answer:
        """Its answer, as it comes."""
        del within_s, streamed
        told: list[tuple[str, Headers]] = []

        def start_response(status: str, headers: Headers, exc_info: object = None) -> _NoWrite:
            del exc_info  # our services answer whole or not at all
            told.append((status, headers))
            return _NoWrite()

        body = self._app(call, start_response)
        if not told:
            raise Unreachable("It began no answer.", sent=True)
        status, headers = told[-1]
        return Answer(status, headers, body)


class _NoWrite:
    """WSGI's older way to give a body, which Flask does not use."""

    def __call__(self, _data: bytes, /) -> None:
        raise NotImplementedError("Bodies are returned.")
