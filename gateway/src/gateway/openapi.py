"""One OpenAPI 3.1 document for the whole API, from the documents of the services.

What is in it is what is in the table: a service's route that is not public is left out. Components
of two services that have one name and are not the same are told apart by the service's name.
"""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chassis.http.json_out import write
from chassis.problems import Problem
from gateway.asking import ask
from gateway.routes import Route, Table
from gateway.services import Services
from gateway.table import ANYONE

FRESH_FOR_S: Final = 300.0
_ASKED_WITHIN_S: Final = 10.0
_PATH: Final = "/openapi.json"
_METHODS: Final = frozenset({"get", "put", "post", "patch", "delete"})

Document = dict[str, Any]
Name = tuple[str, str]  # the kind of component ("schemas"), and its name


class Documents:
    """The document, asked for when somebody first wants it, and again when it is old."""

    def __init__(self, table: Table, services: Services) -> None:
        self._table = table
        self._services = services
        self._lock = threading.Lock()
        self._made = b""
        self._old_at = 0.0

    def merged(self) -> bytes:
        """The document as JSON; yesterday's where a service does not answer today.

        Raises:
            Problem: a service does not answer, and there was no document yet.
        """
        with self._lock:
            if time.monotonic() >= self._old_at:
                try:
                    self._made = write(merge(self._ask_all(), self._table))
                except Problem:
                    if not self._made:
                        raise
                self._old_at = time.monotonic() + FRESH_FOR_S
            return self._made

    def _ask_all(self) -> dict[str, Document]:
        return {name: self._ask(name) for name in self._services.names()}

    def _ask(self, name: str) -> Document:
        route = Route("GET", _PATH, name, ANYONE, deadline_s=_ASKED_WITHIN_S)
        answer = ask(self._services, route, _PATH)
        if not answer.status.startswith("200"):
            detail = f"The {name} service does not tell what it answers."
            raise Problem(503, "unavailable", detail, headers={"Retry-After": "2"})
        found: Document = json.loads(b"".join(answer.body))
        return found


def merge(documents: Mapping[str, Document], table: Table) -> Document:
    """The services' documents as one, with the operations that the table has."""
    names = _told_apart(documents)
    paths: dict[str, Any] = defaultdict(dict)
    components: dict[str, Any] = defaultdict(dict)
    for service, document in documents.items():
        renamed = _rename(document, names[service])
        for path, method, operation in _public(renamed, service, table):
            paths[path][method] = operation
        for kind, name, component in _components(renamed):
            components[kind][names[service].get((kind, name), name)] = component
    return {
        "openapi": "3.1.0",
        "info": {"title": "Jishi", "version": "v1", "description": _ABOUT},
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {kind: dict(sorted(found.items())) for kind, found in components.items()},
        "tags": [{"name": service} for service in documents],
    }


_ABOUT: Final = (
    "The public API of the shop. Errors are RFC 9457 documents with a stable `code`; lists have "
    "`items` and a `next_cursor`; money is a decimal text with its currency; instants are RFC 3339 "
    "in UTC. Every route may also answer 429 (too often), 503 (a service is down) and 504 (it is "
    "too slow), as the default response says."
)


def _public(
    document: Document, service: str, table: Table
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    rows = {(one.address, one.method.lower()) for one in table.routes if one.to == service}
    for path, item in document.get("paths", {}).items():
        shared = {key: value for key, value in item.items() if key not in _METHODS}
        for method in _METHODS & item.keys():
            if (path, method) in rows:
                parameters = [*shared.get("parameters", []), *item[method].get("parameters", [])]
                operation = {**item[method], "tags": [service]}
                if parameters:
                    operation["parameters"] = parameters
                yield path, method, operation


def _told_apart(documents: Mapping[str, Document]) -> dict[str, dict[Name, str]]:
    """Which components get their service's name in front, with the name they get."""
    names: dict[str, dict[Name, str]] = {service: {} for service in documents}
    while True:
        versions: dict[Name, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for service, document in documents.items():
            renamed = _rename(document, names[service])
            for kind, name, component in _components(renamed):
                text = json.dumps(component, sort_keys=True)
                versions[kind, name][text].add(service)
        more = [
            (service, kind, name)
            for (kind, name), texts in versions.items()
            if len(texts) > 1
            for services in texts.values()
            for service in services
            if (kind, name) not in names[service]
        ]
        if not more:
            return names
        for service, kind, name in more:
            names[service][kind, name] = f"{service.capitalize()}{name}"


def _components(document: Document) -> Iterator[tuple[str, str, Any]]:
    for kind, found in document.get("components", {}).items():
        for name, component in found.items():
            yield kind, name, component


def _rename(value: Any, names: Mapping[Name, str]) -> Any:
    """``value`` with its references as ``names`` has them."""
    if isinstance(value, list):
        return [_rename(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _reference(one, names)
        if key == "$ref" and isinstance(one, str)
        else _rename(one, names)
        for key, one in value.items()
    }


def _reference(text: str, names: Mapping[Name, str]) -> str:
    *front, kind, name = text.split("/")
    return "/".join([*front, kind, names.get((kind, name), name)])
