"""A call's body: read whole before the service is asked, or handed on piece by piece.

Reading it first keeps a slow sender from holding a service's thread as well as one of ours.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final, Protocol

from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]

from chassis.problems import Problem
from gateway.routes import Route

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LINE: Final = 64 * 1024


class Source(Protocol):
    """What a server gives us to read from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


class Body:
    """A body of a told length, or of none (chunked), that is read as it comes."""

    def __init__(self, source: Source, *, told: int | None, at_most: int) -> None:
        self._source = source
        self._told = told
        self._at_most = at_most
        self._came = 0

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, all of them if it is negative; none at the end.

        Raises:
            Problem: 400, it ended early or its chunks cannot be read; 413, it is too large.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(LINE), b""))
        piece = self._piece(min(size, LINE))
        self._came += len(piece)
        if self._came > self._at_most:
            raise too_large(self._at_most)
        if not piece and size and self._told is not None and self._came < self._told:
            raise Problem(400, "body_cut_off", "The body ended before the length that was told.")
        return piece

    def _piece(self, size: int) -> bytes:
        if self._told is not None:
            size = min(size, self._told - self._came)
        if not size:
            return b""
        try:
            return self._source.read(size)
        except ParseException as error:  # gunicorn looks at the chunks when we do, not before
            raise Problem(400, "malformed_body", "The body's chunks cannot be read.") from error
        except OSError as error:
            raise Problem(400, "body_cut_off", "The body did not come to its end.") from error


def take_body(call: WSGIEnvironment, route: Route) -> None:
    """Put the body into ``call`` in the form in which the service gets it.

    Raises:
        Problem: 413, 400; see `Body.read`. For a streamed route only when it is read.
    """
    told = _told(call)
    if told is not None and told > route.body_bytes:
        raise too_large(route.body_bytes)
    if told is None and not call.get("wsgi.input_terminated"):
        told = 0
    body = Body(call["wsgi.input"], told=told, at_most=route.body_bytes)
    if route.streamed and told != 0:
        call["wsgi.input"] = body
        return
    _hold(call, body.read() if told != 0 else b"")


def _hold(call: WSGIEnvironment, data: bytes) -> None:
    call["wsgi.input"] = io.BytesIO(data)
    call.pop("wsgi.input_terminated", None)
    if data:
        call["CONTENT_LENGTH"] = str(len(data))
    elif call.get("CONTENT_LENGTH") != "0":
        call.pop("CONTENT_LENGTH", None)


def _told(call: WSGIEnvironment) -> int | None:
    text = call.get("CONTENT_LENGTH", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Problem(400, "bad_request", "The length of the body cannot be read.")
    return int(text)


def too_large(at_most: int) -> Problem:
    """413."""
    return Problem(413, "body_too_large", f"A body here has {at_most} bytes at most.")
