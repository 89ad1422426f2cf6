"""What every private server can do: start, stop, be killed, be frozen, come back."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import SystemRandom
from threading import Event
from time import monotonic
from typing import IO, Self

from shop_suite.servers.tree import family, tell, wait_until_gone

LOOPBACK = "127.0.0.1"
# Below the range from which the system takes ports for outgoing connections (32768 on Linux): while
# a killed server is down, a client that retries must not be given its port, or connect to itself.
PORTS = range(20_000, 32_000)
LAST_WILL = 'read -r word || { kill -KILL "-$1" "$1"; sleep 1; rm -rf "$2"; }'


class ServerNotInstalled(Exception):
    """The program is not on this machine."""


class ServerDidNotStart(Exception):
    """The program ran, and did not answer in time; the end of its log is in the message."""


class PrivateServer(ABC):
    """A server in a folder of its own, on the loopback address, gone when its owner is gone."""

    name: str
    starts_within_s: float = 60.0

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"jishi-{self.name}-"))
        self.log_path = self.folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._frozen: list[int] = []

    @property
    @abstractmethod
    def url(self) -> str:
        """Where to reach it, for SQLAlchemy or an AMQP client."""

    @abstractmethod
    def _command(self) -> Sequence[str]:
        """The program and its arguments, to be run in the foreground."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether a client would be served now."""

    def _environment(self) -> Mapping[str, str]:
        return os.environ

    def _user(self) -> str | None:
        """Whom it runs as, where that is not ourselves."""
        return None

    @abstractmethod
    def _prepare(self) -> None:
        """Make what must exist before a start, and is not there yet."""

    @property
    def running(self) -> bool:
        """Whether the process lives, frozen or not."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of its first process.

        Raises:
            ProcessLookupError: it does not run.
        """
        if self._process is None or not self.running:
            raise ProcessLookupError(f"{self.name} does not run.")
        return self._process.pid

    def start(self) -> Self:
        """Start it and wait until it answers; nothing happens if it is running.

        Raises:
            ServerDidNotStart: it ended, or did not answer within ``starts_within_s``.
        """
        if self.running:
            return self
        self._prepare()
        with self.log_path.open("ab") as log:
            self._process = self._run(self._command(), log)
        self._guard = self._watch_over(self._process.pid)
        self._wait_until_it_answers()
        return self

    def stop(self) -> None:
        """Ask it to end, and wait. Its data stay for the next start."""
        if self._process is None:
            return
        self.resume()
        members = self._members()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            tell(members, signal.SIGKILL)
        self._bury(members)

    def kill(self) -> None:
        """End it and all its processes at once, as a power failure would. Its data stay."""
        if self._process is None:
            return
        members = self._members()
        tell(members, signal.SIGKILL)
        self._bury(members)

    def restart(self) -> Self:
        """Stop it properly and start it again, on the same port with the same data."""
        self.stop()
        return self.start()

    def pause(self) -> None:
        """Freeze it: connections stay open and nobody answers, until ``resume``."""
        self._frozen = self._members()
        tell(self._frozen, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after ``pause``."""
        tell(list(reversed(self._frozen)), signal.SIGCONT)
        self._frozen = []

    def ensure_running(self) -> Self:
        """Whatever was done to it: thaw it, or start it again."""
        self.resume()
        return self.start()

    def close(self) -> None:
        """End it and throw its folder away."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_: object) -> None:
        self.close()

    def _members(self) -> list[int]:
        """Its processes. None once it has ended: the system may have given its number away."""
        return family(self._process.pid) if self._process and self.running else []

    def _run(self, command: Sequence[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        user = self._user()
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=dict(self._environment()),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
        )

    def _watch_over(self, pid: int) -> subprocess.Popen[bytes]:
        """A shell that ends the server and clears its folder, should we be killed before we could.

        It waits at the reading end of a pipe whose other end only this process holds.
        """
        return subprocess.Popen(
            ["/bin/sh", "-c", LAST_WILL, "guard", str(pid), str(self.folder)],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _dismiss(self, guard: subprocess.Popen[bytes] | None) -> None:
        if guard is None or guard.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):
            guard.stdin.write(b"done\n")
            guard.stdin.close()
        guard.wait(timeout=5)

    def _wait_until_it_answers(self) -> None:
        deadline = monotonic() + self.starts_within_s
        pause = Event()
        while not self._answers():
            if not self.running or monotonic() > deadline:
                self.kill()
                tail = self.log_path.read_text(errors="replace")[-2_000:]
                raise ServerDidNotStart(f"{self.name} did not start:\n{tail}")
            pause.wait(0.05)

    def _bury(self, members: list[int]) -> None:
        if self._process is not None:
            self._process.wait(timeout=20)
        if not wait_until_gone(members, within_s=20):
            tell(members, signal.SIGKILL)
        self._dismiss(self._guard)
        self._process, self._guard, self._frozen = None, None, []


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at this moment."""
    with contextlib.ExitStack() as held:
        found: list[int] = []
        while len(found) < count:
            port = SystemRandom().choice(PORTS)
            probe = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            with contextlib.suppress(OSError):
                probe.bind((LOOPBACK, port))
                found.append(port)
        return found
