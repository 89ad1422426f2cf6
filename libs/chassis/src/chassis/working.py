"""The worker process: everything of a service but HTTP, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from flask import Flask
from werkzeug.serving import make_server

from chassis import health
from chassis.background import Background
from chassis.requests import EXTENSION
from chassis.runtime import Runtime

log = logging.getLogger(__name__)

DRAIN_S: Final = 25.0
_LOOK_EVERY_S: Final = 1.0


def work(runtime: Runtime, stop: threading.Event) -> bool:
    """Work until ``stop`` is set, then finish what is in hand; whether that was done in 25 s.

    Raises:
        RuntimeError: a thread ended by itself, which none ever should; a restart is better.
    """
    background = Background(runtime)
    background.start()
    log.info("%s works.", runtime.service.name)
    with _health(runtime, background):
        while not stop.wait(_LOOK_EVERY_S):
            if not background.alive:
                raise RuntimeError(f"A thread of {runtime.service.name}'s worker has ended.")
        in_time = background.stop(within_s=DRAIN_S)
    log.info("%s has stopped%s.", runtime.service.name, "" if in_time else ", with work in hand")
    return in_time


def stop_when_told() -> threading.Event:
    """Set by SIGTERM (the platform) and SIGINT (a person)."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


@contextmanager
def _health(runtime: Runtime, background: Background) -> Iterator[None]:
    """Tell the worker's health at ``worker_bind``, where that is set."""
    if not runtime.settings.worker_bind:
        yield
        return
    app = Flask(f"{runtime.service.name}-worker", static_folder=None)
    app.extensions[EXTENSION] = runtime
    health.install(app, lambda: {"threads": "ok" if background.alive else "one has ended"})
    host, _, port = runtime.settings.worker_bind.rpartition(":")
    server = make_server(host, int(port), app, threaded=True)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
