"""Where PostgreSQL and RabbitMQ come from, in the order of preference.

1. ``TEST_POSTGRES_URL`` / ``TEST_RABBITMQ_URL``: a server somebody gives us for this.
2. Docker, where an engine answers.
3. The programs installed on this machine, started privately and stopped afterwards.

Looking costs nothing and starts nothing; a server starts when the first test asks for it.
"""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from shop_suite.servers import (
    PrivatePostgres,
    PrivateRabbit,
    ServerNotInstalled,
    create_database,
    drop_database,
)
from shop_suite.servers.addresses import at_path
from shop_suite.servers.postgres import find_postgres, postgres_version
from shop_suite.servers.rabbit import find_rabbit, making_vhosts, rabbit_version

Ctl = Callable[..., str]
VHOSTS_AT_ONCE: Final = 12


@dataclass(kw_only=True)
class Postgres:
    """A PostgreSQL that the tests of this run share."""

    url: str
    ours: bool = False  # started for this run, and thrown away with all that is in it
    _made: list[str] = field(default_factory=list)

    def create_database(self, name: str = "test") -> str:
        """An empty database whose name begins with ``name`` and is nobody else's; its address."""
        unique = f"{name}_{uuid4().hex[:12]}"
        address = create_database(self.url, unique)
        self._made.append(unique)
        return address

    def forget(self) -> None:
        """Drop what was made here, where the server stays."""
        while self._made and not self.ours:
            drop_database(self.url, self._made.pop())


@dataclass(kw_only=True)
class Rabbit:
    """A RabbitMQ that the tests of this run share.

    ``ctl`` runs rabbitmqctl there. It is None for a server known by its address only; its one
    virtual host then serves all, and tests keep apart by the names of their queues.
    """

    url: str
    ctl: Ctl | None = None
    _ready: list[str] = field(default_factory=list)

    def create_vhost(self) -> str:
        """An empty virtual host that is nobody else's. It goes when the server does."""
        if self.ctl is None:
            return self.url
        if not self._ready:
            self._ready = [f"test_{uuid4().hex[:12]}" for _ in range(VHOSTS_AT_ONCE)]
            self.ctl("eval", making_vhosts(self._ready))
        return at_path(self.url, self._ready.pop())


@cache
def docker_answers() -> bool:
    """Whether a Docker engine is there, asked once, with two seconds to answer."""
    engine = urlsplit(os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock")
    local = engine.scheme == "unix"
    try:
        with socket.socket(socket.AF_UNIX if local else socket.AF_INET) as probe:
            probe.settimeout(2)
            probe.connect(engine.path if local else (engine.hostname, engine.port or 2375))
            probe.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
            return probe.recv(4) == b"HTTP"
    except OSError:
        return False


def describe_postgres() -> str:
    """One line: which PostgreSQL the tests will get, or an empty string for none."""
    if os.environ.get("TEST_POSTGRES_URL"):
        return "given by TEST_POSTGRES_URL"
    if docker_answers():
        return "a container"
    try:
        return f"{postgres_version(find_postgres())}, started privately from {find_postgres()}"
    except ServerNotInstalled:
        return ""


def describe_rabbit() -> str:
    """One line: which RabbitMQ the tests will get, or an empty string for none."""
    if os.environ.get("TEST_RABBITMQ_URL"):
        return "given by TEST_RABBITMQ_URL"
    if docker_answers():
        return "a container"
    try:
        return f"{rabbit_version(find_rabbit())}, started privately from {find_rabbit()}"
    except ServerNotInstalled:
        return ""


@dataclass
class Sources:
    """The shared servers of one test run, each started when first asked for."""

    _postgres_url: str = ""
    _rabbit_url: str = ""
    _rabbit_ctl: Ctl | None = None
    _closing: list[Callable[[], None]] = field(default_factory=list)

    def postgres_url(self) -> str:
        """The address of the shared PostgreSQL."""
        if not self._postgres_url:
            self._postgres_url = os.environ.get("TEST_POSTGRES_URL") or self._start_postgres()
        return self._postgres_url

    def rabbit_url(self) -> str:
        """The address of the shared RabbitMQ."""
        if not self._rabbit_url:
            self._rabbit_url = os.environ.get("TEST_RABBITMQ_URL") or self._start_rabbit()
        return self._rabbit_url

    def rabbit_can_be_told(self) -> bool:
        """Whether ``rabbit_ctl`` works: not for a server we know by its address only."""
        return bool(self.rabbit_url()) and self._rabbit_ctl is not None

    def rabbit_ctl(self, *words: str) -> str:
        """What rabbitmqctl prints there."""
        assert self._rabbit_ctl is not None
        return self._rabbit_ctl(*words)

    def close(self) -> None:
        """Stop what was started."""
        while self._closing:
            self._closing.pop()()

    def _start_postgres(self) -> str:
        if docker_answers():
            from tests.support.containers import start_postgres

            url, close = start_postgres()
        else:
            server = PrivatePostgres()
            self._closing.append(server.close)
            url, close = server.start().url, server.close
        self._closing.append(close)
        return url

    def _start_rabbit(self) -> str:
        if docker_answers():
            from tests.support.containers import start_rabbit

            url, self._rabbit_ctl, close = start_rabbit()
        else:
            server = PrivateRabbit(schedulers=1)
            self._closing.append(server.close)
            url, close = server.start().url, server.close
            self._rabbit_ctl = server.ctl
        self._closing.append(close)
        return url
