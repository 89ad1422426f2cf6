"""The two ways to run, as the road question needs them: open, and watched for their cost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shop_events import Database
from shop_events.dev_clock import SharedClock
from shop_suite import settings
from shop_suite.audit.town import TownAudit
from shop_suite.bench import cpu
from shop_suite.bench.ground import Ground
from shop_suite.chaos.ways import wait_for_answer
from shop_suite.deployed import Deployed, free_ports
from shop_suite.keys import key_in
from shop_suite.road import Road
from shop_suite.services import NAMES, ROAD, load_services

STOPS_WITHIN_S = 40.0


@dataclass(frozen=True, slots=True)
class Town:
    """A town that is open."""

    road: Road
    clock: SharedClock
    audit: TownAudit
    meters: cpu.Meters


@contextmanager
def embedded(ground: Ground) -> Iterator[Town]:
    """``shop run``, as it is, in a process of its own."""
    folder = ground.folder()
    key, clock = key_in(folder), SharedClock(folder / "clock")
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    with _shop_run(folder, port) as process:
        wait_for_answer(url, lambda: process.poll() is None, folder / "town.log")
        databases = {
            name: Database(settings.sqlite_url(folder, name), service=name, clock=clock)
            for name in NAMES
        }
        audit = TownAudit(load_services(), databases, None, folder)
        road = Road(key=key, clock=clock, address=lambda _path: url)
        yield Town(road, clock, audit, {"town": lambda: cpu.of_tree(process.pid)})
        audit.close()


@contextmanager
def deployed(ground: Ground) -> Iterator[Town]:
    """A web and a worker process for each service, on PostgreSQL and RabbitMQ."""
    folder = ground.folder()
    town = Deployed(
        folder,
        databases={name: ground.database() for name in ROAD},
        broker_url=ground.vhost(),
    )
    try:
        town.start()
        audit = TownAudit(town.services, town.databases, town.broker, folder)
        road = Road(key=town.key, clock=town.clock, address=town.address)
        meters = {
            "web": lambda: _of_kind(town, "web"),
            "workers": lambda: _of_kind(town, "worker"),
            **ground.server_meters,
        }
        yield Town(road, town.clock, audit, meters)
    finally:
        town.stop()


def _of_kind(town: Deployed, kind: str) -> float:
    return sum(
        cpu.of_tree(process.pid) for role, process in town.processes.items() if role.kind == kind
    )


@contextmanager
def _shop_run(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "shop_suite", "run", "--no-goods", "--data", str(folder)]
    with (folder / "town.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}"],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
