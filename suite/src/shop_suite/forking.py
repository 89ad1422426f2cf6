"""Processes of the town that are forked off one Python which has imported everything before.

Where nineteen are started, and killed and started again by the dozen, importing is most of what it
costs. What runs in them is what `python -m chassis ...` and `python -m gateway` run; `shop serve`
and the containers start them by these commands.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import multiprocessing.connection
import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from pathlib import Path
from typing import Final

from shop_events import faults
from shop_suite.services import NAMES

# One server of forks for this process, started with the first of them and ended with it.
_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["shop_suite.deployed", "shop_suite.run", "chassis.commands", "gateway.__main__"]
    + [f"{name}_service.service" for name in NAMES]
)


_PARENT_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG of prctl(2)


class Forked:
    """A process that was forked; what of `subprocess.Popen` a town's keeper needs."""

    def __init__(self, words: Sequence[str], environ: Mapping[str, str], log: Path) -> None:
        """Start ``python -m`` with these words, and nothing in its environment but ``environ``."""
        self._process = _FORKS.Process(
            target=_live, args=(list(words), dict(environ), log), daemon=True
        )
        self._process.start()
        self._pid = int(self._process.pid or 0)
        self._lock = threading.Lock()  # two who asked at once would take each other's answer

    @property
    def pid(self) -> int:
        """Its number, which its group has, too."""
        return self._pid

    def poll(self) -> int | None:
        """Its exit code; None while it lives."""
        with self._lock:
            return self._process.exitcode

    def wait(self, timeout: float) -> int:
        """Wait for its end; its exit code.

        Raises:
            TimeoutExpired: it still lives after ``timeout`` seconds.
        """
        multiprocessing.connection.wait([self._process.sentinel], timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
        return code

    def terminate(self) -> None:
        """Ask it to finish."""
        self._process.terminate()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()


def _live(words: list[str], environ: dict[str, str], log: Path) -> None:
    """What the forked process does, all its life."""
    gc.freeze()  # or its first collection touches, and so copies, all that was imported before
    os.setsid()
    _end_with_parent()
    _write_to(log)
    os.environ.clear()
    os.environ.update(environ)
    faults.take_from(os.environ)
    sys.argv = list(words)
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)


def _end_with_parent() -> None:
    """A test run that is killed leaves no town behind: its server of forks ends, and we with it."""
    alive = getattr(forkserver._forkserver, "_forkserver_alive_fd", None)  # noqa: SLF001
    if alive is not None:
        os.close(alive)  # it serves as long as anybody holds this
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def _write_to(log: Path) -> None:
    with log.open("ab") as said, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
