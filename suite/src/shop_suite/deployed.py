"""The town as it is deployed: the gateway, a web and a worker process per service, two servers.

Each process is started by the same command as in production (`python -m chassis ...`). What they
say goes to a file each in the town's folder.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import urllib3

from chassis import migrate
from chassis.signing import pem_of
from shop_events import Broker, Database
from shop_events.amqp import AmqpBroker
from shop_events.dev_clock import SharedClock
from shop_events.topology import ground
from shop_suite import settings
from shop_suite.keys import gateway_key_in, key_in, public_text
from shop_suite.services import load_services

READY_WITHIN_S: Final = 120.0
STOPS_WITHIN_S: Final = 40.0


class Role(NamedTuple):
    """One kind of process of one service."""

    service: str
    kind: str  # web or worker


GATEWAY: Final = Role("gateway", "web")


class NotReady(Exception):
    """A process did not come up in time; its last words are in the message."""


class Process(Protocol):
    """One that was started; see `subprocess.Popen`."""

    @property
    def pid(self) -> int:
        """Its number, which its group has, too."""

    def poll(self) -> int | None:
        """Its exit code; None while it lives."""

    def wait(self, timeout: float) -> int:
        """Wait for its end; its exit code."""

    def terminate(self) -> None:
        """Ask it to finish."""

    def kill(self) -> None:
        """End it at once."""


# ``python -m`` with these words, in this environment alone, writing to the end of this file.
Start = Callable[[Sequence[str], Mapping[str, str], Path], Process]


def executed(words: Sequence[str], environ: Mapping[str, str], log: Path) -> Process:
    """A process as a platform starts it."""
    command = [sys.executable, "-m", *words]
    with log.open("ab") as said:
        return subprocess.Popen(
            command, env=dict(environ), stdout=said, stderr=said, start_new_session=True
        )


class Deployed:
    """Made, its databases are migrated and its queues exist; `start` starts the processes."""

    def __init__(
        self,
        folder: Path,
        *,
        databases: Mapping[str, str],
        broker_url: str,
        port: int = 0,
        start: Start = executed,
    ) -> None:
        """``databases``: the services that there are, each with its database's address.

        ``port``: where the gateway answers; unless said, a free one. ``start``: how a process is
        started; see `shop_suite.forking` for a quicker way.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.key = key_in(folder)
        self.clock = SharedClock(folder / "clock")
        self.services = load_services(databases)
        self.broker: Broker = AmqpBroker(broker_url, name="suite")
        self.databases = {
            name: Database(url, service=name, clock=self.clock, pool_size=2)
            for name, url in databases.items()
        }
        self.processes: dict[Role, Process] = {}
        self.extra: dict[Role, dict[str, str]] = {}  # what a process is told besides
        self._start = start
        self._urls = dict(databases)
        self._broker_url = broker_url
        names = [*databases, GATEWAY.service]
        self._ports = dict(zip(names, free_ports(len(names)), strict=True))
        self._ports[GATEWAY.service] = port or self._ports[GATEWAY.service]
        self._gateway_key = gateway_key_in(folder)
        self._prepare()

    @property
    def roles(self) -> list[Role]:
        """Every process the town has."""
        of_services = [Role(name, kind) for name in self._urls for kind in ("web", "worker")]
        return [*of_services, GATEWAY]

    def address(self, path: str) -> str:
        """The server that answers ``path``: the gateway answers all of them."""
        del path
        return self._url(GATEWAY.service)

    def start(self) -> None:
        """Start every process that does not run, and wait until they answer."""
        for role in self.roles:
            if not self.runs(role):
                self.start_one(role)
        self.wait_until_ready()

    def start_one(self, role: Role) -> None:
        """Start one process."""
        told = self._of_gateway() if role == GATEWAY else self._of_service(role.service)
        environ = {
            **os.environ,
            **told,
            "SHOP_WEB_BIND": f"127.0.0.1:{self._ports[role.service]}",
            **self.extra.get(role, {}),
        }
        self.processes[role] = self._start(_module(role), environ, self._log(role))

    def runs(self, role: Role) -> bool:
        """Whether the process lives."""
        process = self.processes.get(role)
        return process is not None and process.poll() is None

    def wait_until_ready(self, *, within_s: float = READY_WITHIN_S) -> None:
        """Wait until every web process answers.

        Raises:
            NotReady: one does not in time, or has ended.
        """
        until = time.monotonic() + within_s
        for role in self.roles:
            if role.kind == "web":
                self._wait_for(role, until)

    def kill(self, role: Role) -> None:
        """End the process and its children at once, as a crash does."""
        process = self.processes[role]
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()  # it may be so young that it has no group yet
        process.wait(10)

    def stop_one(self, role: Role, *, within_s: float = STOPS_WITHIN_S) -> int:
        """Ask the process to finish and end; its exit code."""
        process = self.processes[role]
        process.terminate()
        return process.wait(within_s)

    def stop(self) -> None:
        """End everything, politely where it is possible, and let go of databases and broker."""
        self.stop_processes()
        for database in self.databases.values():
            database.close()
        self.broker.close()

    def stop_processes(self) -> None:
        """End every process, politely where it is possible."""
        running = [role for role in self.processes if self.runs(role)]
        for role in running:
            self.processes[role].terminate()
        until = time.monotonic() + STOPS_WITHIN_S
        for role in running:
            try:
                self.processes[role].wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.kill(role)

    def last_words(self, role: Role) -> str:
        """The end of what the process wrote."""
        path = self._log(role)
        return path.read_text(errors="replace")[-2_000:] if path.exists() else ""

    def _prepare(self) -> None:
        topology = ground()
        for service in self.services:
            topology |= service.topology()
            migrate.upgrade(service, self._urls[service.name])
        self.broker.apply(topology)

    def _wait_for(self, role: Role, until: float) -> None:
        pause = threading.Event()
        url = f"{self._url(role.service)}/health/ready"
        while True:
            if not self.runs(role) or time.monotonic() > until:
                raise NotReady(f"{role.service} {role.kind}: {self.last_words(role)}")
            with contextlib.suppress(urllib3.exceptions.HTTPError):
                if urllib3.request("GET", url, timeout=2.0, retries=False).status == 200:
                    return
            pause.wait(0.05)

    def _of_service(self, name: str) -> dict[str, str]:
        told = settings.deployed(
            self.folder,
            self.key,
            name,
            database_url=self._urls[name],
            broker_url=self._broker_url,
        )
        links = settings.links(self._url(GATEWAY.service))
        return {**told, **links, "SHOP_GATEWAY_KEYS": public_text(self._gateway_key)}

    def _of_gateway(self) -> dict[str, str]:
        upstreams = {name: self._url(name) for name in self._urls}
        return {
            **settings.gateway(self.folder, self.key, upstreams=upstreams),
            "GATEWAY_SIGNING_KEYS": pem_of(self._gateway_key),
            "GATEWAY_WEB_PROCESSES": "1",
            "SHOP_DEV_CLOCK_FILE": str(self.folder / "clock"),
        }

    def _url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._ports[name]}"

    def _log(self, role: Role) -> Path:
        return self.folder / f"{role.service}-{role.kind}.log"


def _module(role: Role) -> list[str]:
    if role == GATEWAY:
        return ["gateway"]
    return ["chassis", role.kind, f"{role.service}_service.service"]


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()
