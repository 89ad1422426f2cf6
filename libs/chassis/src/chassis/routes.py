"""What a route declares about itself. Nothing here acts; the door and the documents read it.

    @bp.post("/orders")
    @who(Role.SHOPPER)
    @publishes(OrderPlaced)
    @bp.arguments(PlaceOrder)
    def post_order(body: dict[str, Any]) -> ResponseReturnValue: ...

    @needs(Header.KEY)      # without it: refused
    @heeds(Header.WAIT)     # it may be left out

The decorators may stand in any order and leave the function as it is. A route that does not say
who may call it keeps the process from starting (SECURITY.md part 3, deny by default).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, TypeVar

from flask import Flask

from chassis.identity import Role
from chassis.strict_json import LARGEST_BODY_BYTES
from shop_events.contract import Event

JSON: Final = "application/json"
PREFIX: Final = "/api/v1"

View = TypeVar("View", bound=Callable[..., Any])


class UndeclaredRoute(RuntimeError):
    """A route does not say who may call it, or heeds a header that it does not name."""


class Door(StrEnum):
    """How a route is guarded."""

    CLOSED = "closed"  # nothing was said: nobody
    ROLES = "roles"
    ANYONE = "anyone"
    SIGNED = "signed"  # no token; the route itself checks the sender's signature


class Header(StrEnum):
    """A header of API.md that changes what a call does; a route names those it heeds."""

    KEY = "Idempotency-Key"
    UNCHANGED = "If-Match"
    WAIT = "Prefer"


@dataclass(frozen=True, slots=True)
class Declared:
    """All that one route says."""

    door: Door = Door.CLOSED
    roles: frozenset[Role] = frozenset()
    publishes: frozenset[type[Event]] = frozenset()
    accepts: frozenset[str] = frozenset({JSON})
    at_most: int = LARGEST_BODY_BYTES
    streamed: bool = False
    needs: frozenset[Header] = frozenset()
    heeds: frozenset[Header] = frozenset()


def who(*roles: Role) -> Callable[[View], View]:
    """Only callers with one of these roles and a valid token."""
    if not roles:
        raise ValueError("@who names at least one role; @anyone is for everybody.")
    return lambda view: _say(view, door=Door.ROLES, roles=frozenset(roles))


def anyone(view: View) -> View:
    """Everybody. A token that is sent along must still be valid."""
    return _say(view, door=Door.ANYONE)


def signed(view: View) -> View:
    """A partner's webhook: the view checks the signature on the raw bytes before all else."""
    return _say(view, door=Door.SIGNED)


def publishes(*events: type[Event]) -> Callable[[View], View]:
    """What the route's transactions may say; read by `begin`, `once` and the event catalogue."""
    return lambda view: _say(view, publishes=frozenset(events))


def accepts(
    *media_types: str, at_most: int = LARGEST_BODY_BYTES, streamed: bool = False
) -> Callable[[View], View]:
    """Bodies of these types instead of JSON, of ``at_most`` bytes.

    ``streamed``: nothing is read before the view, which takes the body from
    `chassis.http.body_pieces`, and never whole into memory.
    """
    return lambda view: _say(
        view, accepts=frozenset(media_types), at_most=at_most, streamed=streamed
    )


def needs(*headers: Header) -> Callable[[View], View]:
    """Headers without which the call is refused."""
    return lambda view: _say(view, needs=frozenset(headers))


def heeds(*headers: Header) -> Callable[[View], View]:
    """Headers that may be sent along."""
    return lambda view: _say(view, heeds=frozenset(headers))


def declared(view: object) -> Declared:
    """What this view says."""
    found = getattr(view, "__jishi__", None)
    return found if isinstance(found, Declared) else Declared()


def routes_of(app: Flask) -> Iterable[tuple[str, frozenset[str], Declared]]:
    """Each route's path template, methods and declarations, by path."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        methods = frozenset(rule.methods or ()) - {"HEAD", "OPTIONS"}
        yield rule.rule, methods, declared(app.view_functions[rule.endpoint])


def must_all_say_who(app: Flask) -> None:
    """Refuse an application with an undeclared route.

    Raises:
        UndeclaredRoute: at least one route says neither `who`, `anyone` nor `signed`.
    """
    silent = [path for path, _, said in routes_of(app) if said.door is Door.CLOSED]
    if silent:
        raise UndeclaredRoute(f"These routes do not say who may call them: {', '.join(silent)}.")


def _say(view: View, **words: Any) -> View:
    view.__jishi__ = replace(declared(view), **words)  # type: ignore[attr-defined]
    return view
