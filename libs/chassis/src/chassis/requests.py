"""What a route may ask about its request, and the transactions it may open.

    with begin() as tx:
        order = place_order(tx, current_identity().subject, body["quote_id"])

Everything else about the request is Flask's.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Final

from flask import current_app, g, request
from sqlalchemy import Connection

from chassis.identity import Identity
from chassis.problems import Problem
from chassis.routes import Declared, Header, UndeclaredRoute, declared
from chassis.runtime import Runtime
from chassis.tracing import traceparent
from shop_events import Event, NotDeclared, Tx

EXTENSION: Final = "jishi"
LONGEST_WAIT_S: Final = 10


def current_runtime() -> Runtime:
    """The runtime of the application that answers this request."""
    runtime = current_app.extensions[EXTENSION]
    assert isinstance(runtime, Runtime)  # noqa: S101 - put there by chassis.http.app and nobody else
    return runtime


def begin(*, publishes: Iterable[type[Event]] | None = None) -> AbstractContextManager[Tx]:
    """A transaction that may say what the route declares with ``@publishes``.

    ``publishes`` narrows that for this one transaction.

    Raises:
        NotDeclared: ``publishes`` names more than the route declares.
        whatever the block or the database raises; then nothing happened.
    """
    declares = declared_here().publishes
    may_say = declares if publishes is None else frozenset(publishes)
    if not may_say <= declares:
        more = ", ".join(sorted(event.__name__ for event in may_say - declares))
        raise NotDeclared(f"The route {request.endpoint} lacks @publishes({more}).")
    return current_runtime().database.begin(publishes=may_say, traceparent=traceparent())


def read() -> AbstractContextManager[Connection]:
    """A transaction that only reads."""
    return current_runtime().database.read()


def maybe_identity() -> Identity | None:
    """Who is calling; None for somebody without a token."""
    found = g.get("identity")
    return found if isinstance(found, Identity) else None


def current_identity() -> Identity:
    """Who is calling.

    Raises:
        Problem: 401, nobody we know.
    """
    found = maybe_identity()
    if found is None:
        raise Problem(
            401,
            "not_signed_in",
            "This needs an access token.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return found


def client_address() -> str:
    """The network address of whoever asks, for throttles and for "a new device".

    The peer's own; behind the gateway, what the gateway says. Nobody else is believed about it.
    """
    told = g.get("client_address")
    return str(told) if told else request.remote_addr or "unknown"


def declared_here() -> Declared:
    """What the route of this request declares."""
    return declared(current_app.view_functions.get(request.endpoint or ""))


def asked_with(header: Header) -> str | None:
    """What came in a header that the route of this request declares; None without it.

    Raises:
        UndeclaredRoute: it does not declare it, so the document of the API would not tell.
    """
    said = declared_here()
    if header not in said.needs | said.heeds:
        raise UndeclaredRoute(f"The route {request.endpoint} lacks @heeds({header!r}).")
    return request.headers.get(header)


def has_seen(tag: str) -> bool:
    """Whether the caller's ``If-Match`` lets him change what bears this entity tag now.

    Without the header, or with ``*``, he may (RFC 9110 13.1.1); a weak tag names nothing here.
    """
    return asked_with(Header.UNCHANGED) is None or request.if_match.contains(tag)


def asked_wait_s() -> float:
    """How long the client asks us to hold the answer: ``Prefer: wait=N`` (RFC 7240), 0 to 10 s."""
    for preference in (asked_with(Header.WAIT) or "").split(","):
        name, _, value = preference.partition(";")[0].partition("=")
        if name.strip().lower() == "wait" and value.strip().isdecimal():
            return float(min(int(value.strip()[:4]), LONGEST_WAIT_S))
    return 0.0
