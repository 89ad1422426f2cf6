"""What one row of the table says, and how the row for a call is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum
from typing import Final

from chassis.identity import Role
from chassis.routes import PREFIX, Door
from chassis.strict_json import LARGEST_BODY_BYTES

Who = Door | frozenset[Role]


class Limit(StrEnum):
    """Which bucket a call is counted in."""

    LOGIN = "login"  # passwords, codes and whatever else one could guess at
    CHECKOUT = "checkout"  # what places something or moves money
    SEARCH = "search"
    USUAL = "usual"
    PARTNER = "partner"  # webhooks: a partner's backlog comes at once


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table; the path is written as in API.md."""

    method: str
    path: str
    to: str
    who: Who
    limit: Limit = Limit.USUAL
    _: KW_ONLY
    deadline_s: float = 5.0  # from the call's arrival to the answer; between pieces of a stream
    body_bytes: int = LARGEST_BODY_BYTES
    streamed: bool = False  # both bodies pass piece by piece
    dev: bool = False  # there only with SHOP_ENV=dev

    @property
    def address(self) -> str:
        """The whole path: only what a standard wants at the root lies outside ``/api/v1``."""
        return self.path if self.path.startswith("/.well-known/") else PREFIX + self.path


class NoSuchPath(Exception):
    """The table has no such path."""


class NoSuchMethod(Exception):
    """The table has the path, with other methods."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = ", ".join(sorted(allowed))
        super().__init__(f"Only {self.allowed} can be asked here.")


@dataclass(slots=True)
class _Node:
    literal: dict[str, _Node] = field(default_factory=dict)
    anything: _Node | None = None
    routes: dict[str, Route] = field(default_factory=dict)


class Table:
    """Finds the row for a call: a word before a parameter, as werkzeug does in the services."""

    def __init__(self, routes: Iterable[Route]) -> None:
        """
        Raises:
            ValueError: two rows are for the same call.
        """
        self.routes: Final = tuple(routes)
        self._root = _Node()
        for route in self.routes:
            self._add(route)

    def find(self, method: str, path: str) -> Route:
        """The row for this method and path. HEAD is a GET without its body.

        Raises:
            NoSuchPath or NoSuchMethod: there is none.
        """
        wanted = "GET" if method == "HEAD" else method
        allowed: set[str] = set()
        for found in self._at(path):
            if wanted in found:
                return found[wanted]
            allowed |= found.keys()
        if not allowed:
            raise NoSuchPath(path)
        raise NoSuchMethod(allowed | ({"HEAD"} if "GET" in allowed else set()) | {"OPTIONS"})

    def _at(self, path: str) -> Iterator[dict[str, Route]]:
        parts = path.removesuffix("/").split("/")[1:]
        # An empty part, or one that a client or a server along the way may take for a step up.
        if any(part in ("", ".", "..") for part in parts):
            return iter(())
        return _below(self._root, parts)

    def _add(self, route: Route) -> None:
        node = self._root
        for part in route.address.split("/")[1:]:
            if part.startswith("{"):
                node.anything = node.anything or _Node()
                node = node.anything
            else:
                node = node.literal.setdefault(part, _Node())
        if route.method in node.routes:
            raise ValueError(f"There are two rows for {route.method} {route.path}.")
        node.routes[route.method] = route


def _below(node: _Node, parts: list[str]) -> Iterator[dict[str, Route]]:
    if not parts:
        if node.routes:
            yield node.routes
        return
    first, *rest = parts
    for child in (node.literal.get(first), node.anything):
        if child is not None:
            yield from _below(child, rest)
