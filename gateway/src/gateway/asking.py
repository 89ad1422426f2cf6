"""Questions of the gateway's own to the services: their health, their documents."""

from __future__ import annotations

import io

from gateway.routes import Route
from gateway.services import Services
from gateway.upstream import Answer


def ask(services: Services, route: Route, path: str) -> Answer:
    """A question of the gateway's own to a service; the answer's body is read and let go.

    Raises:
        Problem: it does not answer.
    """
    answer = services.call(
        route,
        {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "gateway",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        },
    )
    body = list(answer.body)
    if (close := getattr(answer.body, "close", None)) is not None:
        close()
    return Answer(answer.status, answer.headers, body)
