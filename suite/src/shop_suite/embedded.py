"""The whole town in one process: the gateway, every service's two sides, one local broker.

<folder>/order.db, payment.db, …   one database a service
<folder>/broker.db                 the broker
<folder>/token-key.pem             who signs the tokens (development)
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from chassis import migrate
from chassis.background import Background
from chassis.runtime import Runtime
from chassis.settings import load
from gateway.app import Gateway, build
from gateway.settings import GatewaySettings
from gateway.upstream import InProcess
from shop_events import Broker, Clock, Database, SystemClock
from shop_events.local_broker import LocalBroker
from shop_events.topology import ground
from shop_events.worker import ChangeIntake
from shop_suite import settings
from shop_suite.keys import key_in
from shop_suite.services import load_services
from shop_suite.welcome import welcome

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DRAIN_S: Final = 25.0


class Embedded:
    """Made, it is migrated and ready; `start` begins the background work."""

    def __init__(
        self,
        folder: Path,
        *,
        at: str = "http://127.0.0.1:8000",
        clock: Clock | None = None,
        broker: Broker | None = None,
        workers: int = 1,
        change_intake: ChangeIntake = lambda intake: intake,
    ) -> None:
        """``at``: the address people reach it by. The rest is for tests.

        ``workers`` of each service, on a ``broker`` given; ``change_intake`` lets a test
        duplicate, shuffle or delay what arrives.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._links = settings.links(at)
        self.clock: Clock = clock or SystemClock()
        self.key = key_in(folder)
        self.services = load_services()
        self.broker: Broker = broker or LocalBroker(folder / "broker.db", clock=self.clock)
        self._migrate()
        self.runtimes = {service.name: self._runtime(service.name) for service in self.services}
        self.workers = [
            Background(runtime, change_intake=change_intake)
            for runtime in self.runtimes.values()
            for _ in range(workers)
        ]
        self.gateway = self._gateway()

    def database(self, service: str) -> Database:
        """One service's database."""
        return self.runtimes[service].database

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The gateway, with every service behind it; at ``/`` it says which doors there are."""
        if environ.get("PATH_INFO", "/") in ("", "/"):
            return welcome(self.gateway.table, start_response)
        return self.gateway(environ, start_response)

    def start(self) -> None:
        """Begin to consume, relay and keep deadlines."""
        for worker in self.workers:
            worker.start()

    def stop(self, *, within_s: float = DRAIN_S) -> bool:
        """Finish what is in hand and let go of everything. Whether all ended in time."""
        ended = [worker.stop(within_s=within_s) for worker in self.workers]
        for runtime in self.runtimes.values():
            runtime.close()
        self.gateway.close()
        self.broker.close()
        return all(ended)

    def _migrate(self) -> None:
        topology = ground()
        for service in self.services:
            topology |= service.topology()
            migrate.upgrade(service, settings.sqlite_url(self.folder, service.name))
        self.broker.apply(topology)

    def _gateway(self) -> Gateway:
        """The door. Its services are in this process, so it need not prove to them who it is."""
        given = load(
            GatewaySettings, service="gateway", environ=settings.gateway(self.folder, self.key)
        )
        apps = {
            name: InProcess(runtime.service.flask_app(runtime))
            for name, runtime in self.runtimes.items()
        }
        return build(given, apps, clock=self.clock)

    def _runtime(self, name: str) -> Runtime:
        service = next(one for one in self.services if one.name == name)
        environ = settings.embedded(self.folder, self.key, service.name) | self._links
        given = load(service.settings, service=name, environ=environ)
        return Runtime(service, given, clock=self.clock, broker=self.broker)


class Served(AbstractContextManager["Served"]):
    """A WSGI application on a free port of this machine, for demos and tests.

    A shop that is open to others runs under gunicorn (`shop run`).
    """

    def __init__(self, application: WSGIApplication, *, port: int = 0) -> None:
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1", port, application, threaded=True, request_handler=_Quiet
        )
        self.url = f"http://127.0.0.1:{self._server.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join(5.0)
        self._server.server_close()


class _Quiet(WSGIRequestHandler):
    """Keeps connections open, and leaves the log to the services."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing: each service writes its own line."""
