"""Which service answers which address, read from the services' own routes.

The gateway will have a table of its own; until it opens, whoever walks through the town looks here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect, Rule

from chassis.http.app import PREFIX
from chassis.service import Service

ANY_METHOD: Final = None


class Doors:
    """Finds the service behind a path."""

    def __init__(self, services: Iterable[Service]) -> None:
        self._map = Map(strict_slashes=False)
        self._first = ""
        for service in services:
            self._first = self._first or service.name
            for path in sorted(_paths(service)):
                self._map.add(Rule(path, endpoint=service.name, methods=ANY_METHOD))
        self._adapter = self._map.bind("localhost")

    def all(self) -> list[tuple[str, str]]:
        """Every path's template with its service."""
        return sorted((rule.rule, str(rule.endpoint)) for rule in self._map.iter_rules())

    def find(self, path: str) -> str:
        """The service that knows ``path``; for one that nobody knows, any: it says so politely."""
        try:
            endpoint, _ = self._adapter.match(path.partition("?")[0])
        except (NotFound, MethodNotAllowed, RequestRedirect):
            return self._first
        return str(endpoint)


def _paths(service: Service) -> set[str]:
    app = Flask(service.name, static_folder=None)
    for blueprint in (*service.blueprints, *service.dev_blueprints):
        app.register_blueprint(blueprint, url_prefix=PREFIX + (blueprint.url_prefix or ""))
    for blueprint in service.root_blueprints:
        app.register_blueprint(blueprint)
    return {rule.rule for rule in app.url_map.iter_rules()}
