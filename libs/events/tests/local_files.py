"""Local brokers in a folder, for the tests of the local broker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shop_events.clock import Clock
from shop_events.local_broker import LocalBroker


class Files:
    """Opens local brokers in a folder and closes all of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: list[LocalBroker] = []
        self._file = folder / "broker-0.db"

    @property
    def latest(self) -> LocalBroker:
        return self._opened[-1]

    def open(self, clock: Clock | None = None) -> LocalBroker:
        self._opened.append(LocalBroker(self._file, clock=clock))
        return self.latest

    def reopen(self, clock: Clock) -> LocalBroker:
        self.latest.close()
        return self.open(clock)

    def crash(self) -> LocalBroker:
        """Open what the disk holds at this moment, which is what a killed process leaves."""
        left = self._folder / f"broker-{len(self._opened)}.db"
        for part in ("", "-wal"):
            shutil.copy(f"{self._file}{part}", f"{left}{part}")
        self._file = left
        return self.open()

    def close(self) -> None:
        for broker in self._opened:
            broker.close()


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    files = Files(tmp_path)
    yield files
    files.close()


@pytest.fixture
def broker(files: Files) -> LocalBroker:
    return files.open()
