"""One process owns a broker file: a second one is refused, and a dead one's claim is gone."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path
from typing import Final

from shop_events.broker import BrokerUnavailable

# The files this process owns. The system's record locks are between processes; two brokers on one
# file inside a process would not notice each other, and the first to close would free both.
_ours: Final[dict[Path, int]] = {}  # and by which process: a fork inherits this table
_guard: Final = threading.Lock()


class Claim:
    """The right to use ``path``, as long as this object is not let go and its process lives.

    A record lock (fcntl), not flock: the system frees it when the owner dies, however it dies,
    and a forked child does not inherit it.

    Raises:
        BrokerUnavailable: another process owns the file, or this one opened it already.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        with _guard:
            if _ours.get(self._path) == os.getpid():
                raise BrokerUnavailable(f"The broker file {path} is open in this process already.")
            self._file = _locked(path)
            _ours[self._path] = os.getpid()

    def let_go(self) -> None:
        """Let the next one have it."""
        with _guard:
            os.close(self._file)
            _ours.pop(self._path, None)


def _locked(path: Path) -> int:
    lock = path.with_name(path.name + ".lock")
    file = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        owner = os.read(file, 20).decode(errors="replace")
        os.close(file)
        raise BrokerUnavailable(
            f"The broker file {path} belongs to process {owner or 'unknown'}; one process at a"
            " time may open it. For several processes use RabbitMQ."
        ) from error
    os.ftruncate(file, 0)
    os.write(file, str(os.getpid()).encode())
    return file
