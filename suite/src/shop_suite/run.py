"""`shop run`: the town in one process on one port, watched over by gunicorn.

gunicorn's arbiter serves nothing; it starts the one worker, which is the town, and starts it anew
should it ever die. Nothing is lost then: all that was promised is in the databases.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from chassis.web import give_up_on_the_silent, speak_as_we_do
from shop_events.dev_clock import SharedClock
from shop_suite.embedded import DRAIN_S, Embedded
from shop_suite.services import load_services

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS: Final = 8


class OneProcess(BaseApplication):  # type: ignore[misc]
    """gunicorn with the town in its one worker."""

    def __init__(self, folder: Path, bind: str, *, when_ready: Callable[[], None]) -> None:
        self._folder = folder
        self._bind = bind
        self._when_ready = when_ready
        self._town: Embedded | None = None
        folder.mkdir(parents=True, exist_ok=True)
        speak_as_we_do()
        load_services()  # imported once, so that a town that died is back in no time
        gc.freeze()  # and shared by it: a collection would touch, and so copy, all of it
        super().__init__()

    def load_config(self) -> None:
        """One worker, several threads, time to drain."""
        for name, value in {
            "bind": self._bind,
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "graceful_timeout": int(DRAIN_S),
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": self._ready,
            "worker_exit": self._stop,
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """The town, made in the worker: nothing was connected before the fork.

        Its clock can be moved by a file beside its data: this is the development town.
        """
        clock = SharedClock(self._folder / "clock")
        self._town = Embedded(self._folder, at=f"http://{self._bind}", clock=clock)
        self._town.start()
        return self._town.wsgi

    def _ready(self, worker: Any) -> None:
        give_up_on_the_silent(worker)
        self._when_ready()

    def _stop(self, server: Any, worker: Any) -> None:
        del server, worker
        if self._town is not None:
            self._town.stop()
