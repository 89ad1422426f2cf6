"""One PostgreSQL and one RabbitMQ for all worker processes of a test run.

The process that was started by hand owns the servers; a worker asks it over a local socket.
"""

import secrets
from multiprocessing.managers import BaseManager
from threading import Lock, Thread
from typing import cast

from tests.support.sources import Sources


class _Door(BaseManager):
    """How a worker reaches the owner's ``Sources``."""


class SourcesInOneHand:
    """The same questions as ``Sources``, one at a time, whoever asks."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sources = Sources()

    def postgres_url(self) -> str:
        with self._lock:
            return self._sources.postgres_url()

    def rabbit_url(self) -> str:
        with self._lock:
            return self._sources.rabbit_url()

    def rabbit_can_be_told(self) -> bool:
        with self._lock:
            return self._sources.rabbit_can_be_told()

    def rabbit_ctl(self, *words: str) -> str:
        return self._sources.rabbit_ctl(*words)

    def close(self) -> None:
        with self._lock:
            self._sources.close()


def open_door(sources: SourcesInOneHand) -> tuple[str, int, str]:
    """Serve the workers of this run; returns where, and the word that lets them in."""
    word = secrets.token_hex(16)
    _Door.register("sources", callable=lambda: sources)
    server = _Door(address=("127.0.0.1", 0), authkey=word.encode()).get_server()
    Thread(target=server.serve_forever, name="servers for the workers", daemon=True).start()
    host, port = cast("tuple[str, int]", server.address)
    return host, port, word


def go_through(door: tuple[str, int, str]) -> SourcesInOneHand:
    """The owner's sources, seen from a worker."""
    host, port, word = door
    _Door.register("sources")
    manager = _Door(address=(host, port), authkey=word.encode())
    manager.connect()
    return cast("SourcesInOneHand", manager.sources())  # type: ignore[attr-defined]
