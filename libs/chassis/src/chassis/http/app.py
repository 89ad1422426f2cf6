"""A service's web application, put together in the order in which a request meets the parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Flask

from chassis import access, health, problems, routes, tracing
from chassis.http import openapi
from chassis.http.blueprint import StrictJson
from chassis.requests import EXTENSION
from chassis.routes import must_all_say_who
from chassis.settings import Env
from chassis.strict_json import LARGEST_BODY_BYTES

if TYPE_CHECKING:
    from chassis.runtime import Runtime

PREFIX: Final = routes.PREFIX


def build(runtime: Runtime) -> Flask:
    """The application of one service. Nothing is connected.

    Raises:
        UndeclaredRoute: a route does not say who may call it.
        TypeError: one of the service's errors has no code or status.
    """
    service = runtime.service
    app = Flask(service.name, static_folder=None)
    app.json = StrictJson(app)
    app.extensions[EXTENSION] = runtime
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # or a doubled slash is answered with a redirect to any Host
    tracing.install(app, service.name)
    access.install(app)
    dev = service.dev_blueprints if runtime.settings.env is Env.DEV else ()
    blueprints = {PREFIX: (*service.blueprints, *dev), "": tuple(service.root_blueprints)}
    for prefix, of_prefix in blueprints.items():
        for blueprint in of_prefix:
            app.register_blueprint(blueprint, url_prefix=prefix + (blueprint.url_prefix or ""))
    problems.install(app, service.errors)
    health.install(app)
    openapi.install(app, blueprints)
    must_all_say_who(app)
    return app
