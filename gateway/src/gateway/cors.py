"""Which foreign pages may call us from a browser: those that are named, and without cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.upstream import Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ASKED_WITH: Final = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, "
    "X-Cart-Token, X-Request-Id, traceparent"
)
SHOWN: Final = (
    "ETag, Idempotency-Replayed, Location, Preference-Applied, Retry-After, X-Cart-Token, "
    "X-Request-Id"
)
REMEMBERED_S: Final = 600


def cors(environ: WSGIEnvironment, origins: tuple[str, ...], *, allowed: str = "") -> Headers:
    """What a browser is told; ``allowed``: the methods, where it asks for them first."""
    if not origins:
        return []
    origin = environ.get("HTTP_ORIGIN")
    told: Headers = [("Vary", "Origin")]
    if origin not in origins:
        return told
    told += [("Access-Control-Allow-Origin", origin), ("Access-Control-Expose-Headers", SHOWN)]
    if allowed and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ:
        told += [
            ("Access-Control-Allow-Methods", allowed),
            ("Access-Control-Allow-Headers", ASKED_WITH),
            ("Access-Control-Max-Age", str(REMEMBERED_S)),
        ]
    return told
