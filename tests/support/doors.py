"""Pretend services behind a gateway, and somebody who calls them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request, Response

from chassis.identity import Identity
from chassis.settings import Env
from chassis.testing import ISSUER_KEY
from chassis.tokens import key_set_of
from gateway.app import Gateway, build
from gateway.routes import Limit, Route
from gateway.settings import GatewaySettings, Upstreams
from gateway.table import ADMIN, ANYONE, MERCHANT, SHOPPER, SIGNED
from gateway.upstream import InProcess, Upstream
from shop_events import ManualClock

ROUTES = (
    Route("GET", "/mugs", "shelf", ANYONE),
    Route("GET", "/mugs/mine", "shelf", SHOPPER),
    Route("GET", "/mugs/{mug_id}", "shelf", ANYONE),
    Route("DELETE", "/mugs/{mug_id}", "shelf", MERCHANT | ADMIN),
    Route("POST", "/mugs", "shelf", SHOPPER, Limit.CHECKOUT, deadline_s=0.5),
    Route("POST", "/login", "shelf", ANYONE, Limit.LOGIN),
    Route("POST", "/webhooks/{sender}", "shelf", SIGNED, Limit.PARTNER),
    Route("POST", "/pictures", "shelf", ANYONE, body_bytes=3_000_000, streamed=True),
    Route("GET", "/news", "shelf", ANYONE, streamed=True),
    Route("GET", "/gone", "cellar", ANYONE),
    Route("POST", "/dev/toys", "shelf", ANYONE, dev=True),
)
DOCUMENT = {"openapi": "3.1.0", "info": {"title": "Shelf", "version": "v1"}, "paths": {}}


class Shelf:
    """A service that keeps what it was asked, and answers as it was told."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.answer: Callable[[Request], Response] = lambda _request: Response(
            b'{"mugs": 3}', content_type="application/json"
        )

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        if request.path == "/openapi.json":
            return Response(orjson.dumps(DOCUMENT))(environ, start_response)
        if request.path == "/health/ready":
            return Response(b"{}")(environ, start_response)
        if request.path != "/api/v1/pictures":
            request.get_data()
        self.asked.append(request)
        return self.answer(request)(environ, start_response)

    @property
    def last(self) -> Request:
        return self.asked[-1]


class Visitor:
    """Calls a gateway, as somebody."""

    def __init__(self, app: Any, clock: ManualClock) -> None:
        self._client = Client(app)
        self._clock = clock

    def ask(
        self, method: str, path: str, who: Identity | None = None, **options: Any
    ) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if who is not None:
            headers["Authorization"] = f"Bearer {ISSUER_KEY.mint(who, now=self._clock.now())}"
        address = path if path.startswith(("/health", "/api/")) else f"/api/v1{path}"
        return self._client.open(address, method=method, headers=headers, **options)


class Town:
    """A gateway with the shelf behind it."""

    def __init__(self, folder: Path, shelf: Upstream | None = None, **changed: Any) -> None:
        self.shelf = Shelf()
        self.clock = ManualClock()
        self.gateway = gateway(
            folder, {"shelf": shelf or InProcess(self.shelf)}, self.clock, **changed
        )
        self.visitor = Visitor(self.gateway, self.clock)
        self.ask = self.visitor.ask

    def close(self) -> None:
        self.gateway.close()


def settings(folder: Path, **changed: Any) -> GatewaySettings:
    given = {
        "token_keys": key_set_of(ISSUER_KEY),
        "upstreams": Upstreams({}),
        "counters": folder / "limits.db",
        "env": Env.DEV,
        **changed,
    }
    return GatewaySettings(**given)


def gateway(
    folder: Path, upstreams: dict[str, Upstream], clock: ManualClock, **changed: Any
) -> Gateway:
    return build(settings(folder, **changed), upstreams, clock=clock, routes=ROUTES)


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None: ...  # noqa: A002 - its name


@contextmanager
def served(app: Any) -> Iterator[str]:
    """A WSGI application on a port; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
