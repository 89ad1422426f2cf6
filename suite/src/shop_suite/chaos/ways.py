"""The two ways to run a town, as processes that can be killed and come again by themselves."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import urllib3

from shop_events import Database
from shop_events.dev_clock import SharedClock
from shop_events.faults import FILE_VARIABLE
from shop_suite import settings
from shop_suite.audit.town import TownAudit, audit_folder
from shop_suite.deployed import Deployed, NotReady, Role, Start, free_ports
from shop_suite.forking import Forked
from shop_suite.keys import key_in
from shop_suite.road import Road
from shop_suite.services import NAMES, load_services

LOOK_EVERY_S: Final = 0.05
STARTS_WITHIN_S: Final = 120.0
# People wait for three processes to come again, one after the other, on a machine at its limit.
PATIENCE_S: Final = 180.0


class Kill(NamedTuple):
    """A process is killed at this point while it does it for this service."""

    point: str
    service: str


class Way(Protocol):
    """A running town whose processes may be killed."""

    name: str
    folder: Path
    clock: SharedClock
    audit: TownAudit

    def road(self) -> Road:
        """Somebody to walk in it."""

    def arm(self, kills: Iterable[Kill]) -> None:
        """Have the processes that do these points for these services killed there, once each."""

    def fired(self) -> set[Kill]:
        """Which of those that were armed last have fired; disarms the others."""

    def victims(self) -> list[str]:
        """The names of what `kill` takes."""

    def kill(self, victim: str) -> None:
        """End it at once; it comes again by itself."""

    def logs(self) -> list[Path]:
        """Where its processes write what they have to say."""

    def close_and_look(self) -> list[str]:
        """Close the town; every counter-example it leaves, dead letters and open orders too."""

    def stop(self) -> None:
        """Close the town."""


class EmbeddedWay:
    """``shop run`` as it is: gunicorn's arbiter, and the one worker that is the town."""

    name = "embedded"

    def __init__(self, folder: Path, *, start: Start = Forked) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._faults = folder / "faults"
        self._faults.write_text("")
        self._armed: dict[Kill, str] = {}
        self.clock = SharedClock(folder / "clock")
        self._key = key_in(folder)
        (self._port,) = free_ports(1)
        words = ["shop_suite", "run", "--no-goods", "--data", str(folder)]
        self._arbiter = start(
            [*words, "--bind", f"127.0.0.1:{self._port}"],
            {**os.environ, FILE_VARIABLE: str(self._faults)},
            folder / "town.log",
        )
        wait_for_answer(self._url, lambda: self._arbiter.poll() is None, folder / "town.log")
        self.audit = self._audit()

    def road(self) -> Road:
        """Somebody to walk in it."""
        return Road(
            key=self._key,
            clock=self.clock,
            address=lambda _path: self._url,
            patience_s=PATIENCE_S,
        )

    def arm(self, kills: Iterable[Kill]) -> None:
        """The one process is killed each time."""
        self._armed = {kill: _wording(kill) for kill in kills}
        self._faults.write_text(",".join(self._armed.values()))

    def fired(self) -> set[Kill]:
        """Of those that are worded alike, all or none are told."""
        left = self._faults.read_text().split(",")
        self._faults.write_text("")
        return {kill for kill, wording in self._armed.items() if wording not in left}

    def victims(self) -> list[str]:
        """There is only one."""
        return ["town"]

    def kill(self, victim: str) -> None:
        """Kill the town, whatever ``victim`` is called; the arbiter starts it anew."""
        del victim
        for pid in _children(self._arbiter.pid):
            _end(pid)

    def logs(self) -> list[Path]:
        """The one process's."""
        return [self.folder / "town.log"]

    def close_and_look(self) -> list[str]:
        """Close the town, and audit what lies in its folder."""
        self.stop()
        return list(audit_folder(self.folder, clock=self.clock, finished=True))

    def end(self) -> int:
        """Ask the town to finish and end; its exit code.

        Raises:
            TimeoutExpired: it did not within 40 seconds.
        """
        self._arbiter.terminate()
        return self._arbiter.wait(40)

    @property
    def pid(self) -> int:
        """The arbiter's process; the town is its child."""
        return self._arbiter.pid

    def stop(self) -> None:
        """Close the town."""
        try:
            self.end()
        except subprocess.TimeoutExpired:
            os.killpg(self._arbiter.pid, signal.SIGKILL)
            self._arbiter.wait(10)
        self.audit.close()

    @property
    def _url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def _audit(self) -> TownAudit:
        databases = {
            name: Database(settings.sqlite_url(self.folder, name), service=name, clock=self.clock)
            for name in NAMES
        }
        return TownAudit(load_services(), databases, None, self.folder)


class DeployedWay:
    """A process for each service's web and worker side, on PostgreSQL and RabbitMQ."""

    name = "deployed"

    def __init__(self, folder: Path, *, databases: Mapping[str, str], broker_url: str) -> None:
        self.folder = folder
        self._town = Deployed(folder, databases=databases, broker_url=broker_url, start=Forked)
        self._faults = {role: folder / f"faults-{'-'.join(role)}" for role in self._town.roles}
        for role, file in self._faults.items():
            file.write_text("")
            self._town.extra[role] = {FILE_VARIABLE: str(file)}
        self._armed: dict[Kill, Role] = {}
        self._stopping = threading.Event()
        self._town.start()
        self._keeper = threading.Thread(target=self._keep_running, daemon=True)
        self._keeper.start()
        self.clock = self._town.clock
        self.audit = TownAudit(self._town.services, self._town.databases, self._town.broker, folder)

    def road(self) -> Road:
        """Somebody to walk in it."""
        return Road(
            key=self._town.key,
            clock=self.clock,
            address=self._town.address,
            patience_s=PATIENCE_S,
        )

    def arm(self, kills: Iterable[Kill]) -> None:
        """Web processes are killed around their transactions, workers everywhere else."""
        self._armed = {kill: _who_does(*kill) for kill in kills}
        told: dict[Role, list[str]] = {}
        for kill, role in self._armed.items():
            told.setdefault(role, []).append(_wording(kill))
        for role, wordings in told.items():
            self._faults[role].write_text(",".join(wordings))

    def fired(self) -> set[Kill]:
        """Which of the faults have fired."""
        left = {role: file.read_text().split(",") for role, file in self._faults.items()}
        for file in self._faults.values():
            file.write_text("")
        return {kill for kill, role in self._armed.items() if _wording(kill) not in left[role]}

    def victims(self) -> list[str]:
        """Every process."""
        return ["-".join(role) for role in self._town.roles]

    def kill(self, victim: str) -> None:
        """Kill a process and its children; the keeper starts it anew."""
        service, kind = victim.split("-")
        self._town.kill(Role(service, kind))

    def logs(self) -> list[Path]:
        """One of each process."""
        return sorted(self.folder.glob("*.log"))

    def close_and_look(self) -> list[str]:
        """End every process, and audit what lies in databases and broker."""
        self._stopping.set()
        self._keeper.join(10)
        self._town.stop_processes()
        problems = list(self.audit.problems(finished=True))
        self._town.stop()
        return problems

    def stop(self) -> None:
        """Close the town."""
        self._stopping.set()
        self._keeper.join(10)
        self._town.stop()

    def _keep_running(self) -> None:
        """What a platform does: start again what has ended."""
        while not self._stopping.wait(LOOK_EVERY_S):
            for role in self._town.roles:
                if not self._town.runs(role) and not self._stopping.is_set():
                    self._town.start_one(role)


def _wording(kill: Kill) -> str:
    # A broker's publisher knows no service: there as many passes of any are meant.
    known = kill.point != "relay.after_publish"
    return f"{kill.point}{f'@{kill.service}' if known else ''}:1:kill"


def _who_does(point: str, service: str) -> Role:
    asked = point.startswith("tx.") and service != "notification"  # which sends by itself
    web = asked or (point.startswith("outside.") and service == "logistics")
    return Role(service, "web" if web else "worker")


def wait_for_answer(url: str, alive: Callable[[], bool], log: Path) -> None:
    """Wait until something answers at ``url``.

    Raises:
        NotReady: nothing does in time, or the process has ended; its last words are told.
    """
    pause = threading.Event()
    until = time.monotonic() + STARTS_WITHIN_S
    while True:
        try:
            urllib3.request("GET", f"{url}/health/live", timeout=2.0, retries=False)
        except urllib3.exceptions.HTTPError as error:
            if not alive() or time.monotonic() > until:
                words = log.read_text(errors="replace")[-2_000:]
                raise NotReady(f"Nothing answers at {url}: {words}") from error
            pause.wait(LOOK_EVERY_S)
        else:
            return


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
