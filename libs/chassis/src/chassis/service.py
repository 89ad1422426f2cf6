"""What a service is, on one page of its own: ``<name>_service/service.py``.

    service = Service(
        name="order",
        settings=OrderSettings,
        blueprints=(orders, checkout),
        subscriptions=subscriptions,
        errors=OrderError,
        migrations=Path(__file__).parents[2] / "migrations",
        tables=(metadata,),
    )
    app = service.wsgi()        # gunicorn order_service.service:app

It is called and not inherited: there is no class a service extends.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import MetaData

from chassis.background import Background, Chore
from chassis.clocks import clock_for
from chassis.http import Blueprint
from chassis.http.app import build
from chassis.routes import declared
from chassis.runtime import Runtime
from chassis.settings import ServiceSettings, load
from shop_events import Clock, Event, Subscriptions, Topology
from shop_events.snapshot import State

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@dataclass(frozen=True, kw_only=True)
class Service:
    """All that makes one service; made at import, connected to nothing.

    ``errors`` is the root of its domain's errors: plain Python, with ``code`` and ``status``.
    ``migrations`` is the folder that holds ``versions/``. ``outside`` makes its clients for what
    is not ours, from its settings. ``dev_blueprints`` exist under ``SHOP_ENV=dev`` alone.
    ``states`` tell what is so at present, for a subscriber whose copy is new (`chassis snapshot`).
    ``root_blueprints`` are served without ``/api/v1``: where somebody else's standard says.
    """

    name: str
    subscriptions: Subscriptions
    errors: type[Exception]
    migrations: Path
    settings: type[ServiceSettings] = ServiceSettings
    blueprints: tuple[Blueprint, ...] = ()
    dev_blueprints: tuple[Blueprint, ...] = ()
    root_blueprints: tuple[Blueprint, ...] = ()
    tables: tuple[MetaData, ...] = ()
    chores: tuple[Chore, ...] = ()
    outside: Callable[[Any], object] | None = None
    states: tuple[State, ...] = ()

    def __post_init__(self) -> None:
        if self.subscriptions.service != self.name:
            raise ValueError(f"{self.name} was given {self.subscriptions.service}'s subscriptions.")
        if foreign := [one.contract.name for one in self.states if one.contract.by != self.name]:
            raise ValueError(f"{self.name} cannot tell the state of {', '.join(foreign)}.")

    def runtime(
        self,
        environ: Mapping[str, str] | None = None,
        *,
        clock: Clock | None = None,
        answers: bool = False,
    ) -> Runtime:
        """The service with its settings from the environment; for a process that ``answers`` HTTP.

        Raises:
            SettingsWrong: a setting is missing or unreadable; all of them are named.
        """
        environ = os.environ if environ is None else environ
        settings = load(self.settings, service=self.name, environ=environ, answers=answers)
        return Runtime(self, settings, clock=clock or clock_for(settings.dev_clock_file))

    def flask_app(self, runtime: Runtime) -> Flask:
        """Its web application."""
        return build(runtime)

    def wsgi(self) -> LazyApp:
        """Its web application for gunicorn, made from the environment with the first request."""
        return LazyApp(self)

    def worker(self, runtime: Runtime, *, strict: bool = False) -> Background:
        """Its consumers, relay, deadlines and chores."""
        return Background(runtime, strict=strict)

    def topology(self) -> Topology:
        """The queues and bindings it needs."""
        return self.subscriptions.topology()

    def publishes(self) -> dict[str, frozenset[type[Event]]]:
        """What each entry point (a route, a handler, a deadline, a chore) may say."""
        said = {f"http {view.__name__}": declared(view).publishes for view in self._views()}
        known = self.subscriptions
        said |= {f"on {one.contract.name}": one.publishes for one in known.all()}
        said |= {f"at {one.kind}": one.publishes for one in known.all_deadlines()}
        said |= {f"chore {one.name}": frozenset(one.publishes) for one in self.chores}
        return {name: events for name, events in said.items() if events}

    def _views(self) -> Iterable[Callable[..., Any]]:
        app = Flask("declarations", static_folder=None)
        for blueprint in (*self.blueprints, *self.dev_blueprints, *self.root_blueprints):
            app.register_blueprint(blueprint)
        return app.view_functions.values()


class LazyApp:
    """A WSGI application that comes to be with its first request."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()

    @cached_property
    def _app(self) -> Flask:
        with self._lock:
            return self._service.flask_app(self._service.runtime(answers=True))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        return self._app(environ, start_response)
