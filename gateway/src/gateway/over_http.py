"""A service over HTTP: a bounded pool of connections that stay open, and a deadline for each call.

Nothing is asked twice but a GET or HEAD whose connection broke before a word of the answer came,
and that once: a connection that was open for a while may be closed by the other side at any time
(RFC 9110 section 9.2.2, RFC 9112 section 9.3.1).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from http.client import responses
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    EmptyPoolError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
)

from chassis.problems import Problem
from gateway.upstream import Answer, Headers, TooSlow, Unreachable

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

CONNECT_WITHIN_S: Final = 1.0
PIECE: Final = 64 * 1024
LONGEST_ADDRESS: Final = 4_000
_SAFE_IN_PATH: Final = "/:@!$&'()*+,;=~-._"
_SAFE_IN_QUERY: Final = _SAFE_IN_PATH + "?%[]"
_PLAIN: Final = {"CONTENT_TYPE": "Content-Type", "CONTENT_LENGTH": "Content-Length"}


class OverHttp:
    """One service at one address."""

    def __init__(self, address: str, *, connections: int = 32) -> None:
        self._pool = urllib3.connectionpool.connection_from_url(
            address, maxsize=connections, block=True, retries=False
        )

    def answer(self, call: WSGIEnvironment, *, within_s: float, streamed: bool) -> Answer:
        """Its answer; unless ``streamed``, the whole of it."""
        until = time.monotonic() + within_s
        again = call["REQUEST_METHOD"] in ("GET", "HEAD")
        while True:
            try:
                return self._ask(call, until, streamed=streamed)
            except NewConnectionError as error:  # which urllib3 takes for a kind of slow connecting
                raise Unreachable("Nobody listens there.", sent=False) from error
            except (ReadTimeoutError, ConnectTimeoutError, EmptyPoolError) as error:
                raise TooSlow(type(error).__name__) from error
            except HTTPError as error:
                if not again or time.monotonic() >= until:
                    raise Unreachable(type(error).__name__, sent=True) from error
                again = False

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.close()

    def _ask(self, call: WSGIEnvironment, until: float, *, streamed: bool) -> Answer:
        left_s = max(until - time.monotonic(), 0.001)
        got: Any = self._pool.urlopen(
            call["REQUEST_METHOD"],
            _target(call),
            body=_body(call),
            headers=_headers(call),
            timeout=urllib3.Timeout(connect=min(CONNECT_WITHIN_S, left_s), read=left_s),
            pool_timeout=cast("int", left_s),  # a queue's time to wait; its type is narrower
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        status = f"{got.status} {got.reason or responses.get(got.status, '')}"
        headers: Headers = list(got.headers.items())
        if streamed:
            return Answer(status, headers, _Stream(got))
        return Answer(status, headers, _whole(got, until))


class _Stream(Iterable[bytes]):
    """A body that passes piece by piece; closing it half-way ends the connection."""

    def __init__(self, got: Any) -> None:
        self._got = got

    def __iter__(self) -> Iterator[bytes]:
        yield from self._got.stream(PIECE, decode_content=False)

    def close(self) -> None:
        """Give the connection back, or end it if something was left to read."""
        self._got.close()
        self._got.release_conn()


def _whole(got: Any, until: float) -> list[bytes]:
    try:
        return list(_until(got.stream(PIECE, decode_content=False), until))
    except BaseException:
        got.close()  # what is left of the answer would be taken for the next one
        raise
    finally:
        got.release_conn()


def _until(pieces: Iterator[bytes], until: float) -> Iterator[bytes]:
    for piece in pieces:
        yield piece
        if time.monotonic() > until:
            raise TooSlow("It went on speaking.")


def _target(call: WSGIEnvironment) -> str:
    """The address on the line; PEP 3333 gives its bytes as text of as many characters.

    Raises:
        Problem: 414, it is longer than a service reads.
    """
    path = quote(call["PATH_INFO"].encode("latin-1"), safe=_SAFE_IN_PATH)
    query = quote(call.get("QUERY_STRING", "").encode("latin-1"), safe=_SAFE_IN_QUERY)
    if len(path) + len(query) > LONGEST_ADDRESS:
        raise Problem(414, "address_too_long", f"An address has {LONGEST_ADDRESS} bytes at most.")
    return f"{path}?{query}" if query else path


def _headers(call: WSGIEnvironment) -> dict[str, str]:
    found = {_name(key[5:]): value for key, value in call.items() if key.startswith("HTTP_")}
    for key, name in _PLAIN.items():
        if value := call.get(key):
            found[name] = value
    return found


@lru_cache(maxsize=512)
def _name(key: str) -> str:
    return key.replace("_", "-").title()


def _body(call: WSGIEnvironment) -> Any:
    """The bytes of a body that was read already, or where to read one that was not."""
    if call.get("CONTENT_LENGTH") or call.get("wsgi.input_terminated"):
        body = call["wsgi.input"]
        return body.getvalue() if hasattr(body, "getvalue") else body
    return None
