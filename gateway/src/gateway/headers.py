"""Which headers pass the door, inwards and outwards."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from chassis.problems import Problem
from gateway.upstream import Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MOST_HEADERS: Final = 80  # a service's server reads 100, and we add some
LONGEST_HEADER: Final = 8_000

# RFC 9110 section 7.6.1: they are about one connection, and end with it.
_HOP_BY_HOP: Final = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# What only we may tell a service (SECURITY.md part 2, ASVS 4.1.3), and what no service has a use
# for: without cookies there is nothing that a foreign page could have a browser send along.
_OURS: Final = frozenset(
    {
        "cookie",
        "expect",
        "forwarded",
        "host",
        "x-client-address",
        "x-deadline-ms",
        "x-gateway-token",
        "x-real-ip",
    }
)
_OUR_FAMILIES: Final = ("x-forwarded", "x-user", "x-original", "x-rewrite", "x-http-method")
_NOT_OUT: Final = _HOP_BY_HOP | {"server", "date", "via", "x-powered-by", "x-request-id"}

ALWAYS: Final = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def inwards(environ: WSGIEnvironment) -> WSGIEnvironment:
    """A call without what must not reach a service.

    Raises:
        Problem: 431, there are more headers, or longer ones, than a service reads.
    """
    named = _words(environ.get("HTTP_CONNECTION", ""))
    call: WSGIEnvironment = {}
    headers = 0
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            headers += 1
            if len(value) > LONGEST_HEADER or headers > MOST_HEADERS:
                raise Problem(431, "headers_too_large", "There are too many headers, or too long.")
            if not _may_pass(key) or (named and _name(key) in named):
                continue
        call[key] = value
    return call


def outwards(headers: Headers, request_id: str) -> Headers:
    """An answer's headers as the client sees them; what the service said of caching stays."""
    passed = [(name, value) for name, value in headers if name.lower() not in _NOT_OUT]
    said = {name.lower() for name, _ in passed}
    passed += [(name, value) for name, value in ALWAYS.items() if name.lower() not in said]
    passed.append(("X-Request-Id", request_id))
    return passed


@lru_cache(maxsize=512)
def _may_pass(key: str) -> bool:
    name = _name(key)
    return name not in _HOP_BY_HOP and name not in _OURS and not name.startswith(_OUR_FAMILIES)


def _name(key: str) -> str:
    return key[5:].replace("_", "-").lower()


def _words(text: str) -> frozenset[str]:
    return frozenset(part.strip().lower() for part in text.split(",")) - {"", "close", "keep-alive"}
