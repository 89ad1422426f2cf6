"""The web process: gunicorn, told everything from code."""

from __future__ import annotations

import gc
import json
import os
import socket
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Protocol

import gunicorn.util  # type: ignore[import-untyped]
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from gunicorn.http import wsgi  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

GRACEFUL_S: Final = 25
ANSWER_WITHIN_S: Final = 30
SILENT_FOR_S: Final = 10
# Longer than the gateway keeps a connection it does not use, so that a call seldom meets its end.
KEPT_OPEN_S: Final = 65
_FAST_FOLDER: Final = "/dev/shm"  # noqa: S108 - a worker's heartbeat file must not wait for a disk


class WebSettings(Protocol):
    """What a web process is told."""

    @property
    def web_bind(self) -> str:
        """Where it listens: address and port."""

    @property
    def web_processes(self) -> int:
        """How many processes answer."""

    @property
    def web_threads(self) -> int:
        """How many threads each of them has."""


class _OurLogger(Logger):  # type: ignore[misc]
    """Gunicorn's words go where ours go; its access log is ours (`chassis.tracing`)."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True


def give_up_on_the_silent(worker: Any) -> None:
    """Hang up on whoever sends nothing for 10 s in the middle of a request.

    gunicorn's threads wait for the rest for ever, so that a few silent clients would be enough to
    stop a process. A connection takes this limit over from the socket it was accepted on
    (socket(7), SO_RCVTIMEO); one that is idle between requests is watched by gunicorn itself.
    """
    for listener in worker.sockets:
        limit = struct.pack("ll", SILENT_FOR_S, 0)  # seconds and microseconds
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


class _Nameless(wsgi.Response):  # type: ignore[misc]
    """Answers do not say what serves them (ASVS 13.4.6)."""

    def default_headers(self) -> list[str]:
        """As the parent's, without ``Server``."""
        lines: list[str] = super().default_headers()
        return [line for line in lines if not line.startswith("Server:")]


def speak_as_we_do() -> None:
    """Have gunicorn, in this process and its children, leave out what it is, and refuse as we do.

    What it cannot read never reaches the application, so its refusals are its own: pages of HTML.
    """
    wsgi.Response = _Nameless
    gunicorn.util.write_error = _write_problem


def _write_problem(client: Any, status: int, reason: str, _words: str) -> None:
    """RFC 9457. Gunicorn's words repeat what was sent, and are left out."""
    code = "_".join(reason.lower().split())
    body = {
        "type": f"urn:jishi:problem:{code}",
        "title": reason,
        "status": status,
        "detail": "The request is none that HTTP knows, or a part of it is too long.",
        "code": code,
    }
    said = json.dumps(body).encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nCache-Control: no-store\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(said)}\r\n\r\n"
    )
    gunicorn.util.write_nonblock(client, head.encode() + said)


class WebProcess(BaseApplication):  # type: ignore[misc]
    """Serves the application that ``make`` gives.

    ``make`` is called in each worker after the fork, so no connection is ever shared.
    """

    def __init__(self, settings: WebSettings, make: Callable[[], WSGIApplication]) -> None:
        self._settings = settings
        self._make = make
        speak_as_we_do()
        gc.freeze()  # workers share what was imported: a collection would touch, and so copy, it
        super().__init__()

    def load_config(self) -> None:
        """What gunicorn is told."""
        told = {
            "bind": self._settings.web_bind,
            "workers": self._settings.web_processes,
            "threads": self._settings.web_threads,
            "worker_class": "gthread",  # MEASURED.md part 6
            "timeout": ANSWER_WITHIN_S,
            "graceful_timeout": GRACEFUL_S,
            "keepalive": KEPT_OPEN_S,
            "preload_app": False,
            "accesslog": None,
            "logger_class": _OurLogger,
            "control_socket_disable": True,
            "post_worker_init": give_up_on_the_silent,
            "forwarded_allow_ips": "",  # nobody's X-Forwarded-* count here (SECURITY.md part 2)
        }
        if os.access(_FAST_FOLDER, os.W_OK):
            told["worker_tmp_dir"] = _FAST_FOLDER
        for name, value in told.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """The application, in a worker."""
        return self._make()
