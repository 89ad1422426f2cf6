"""A process and all that came from it.

A process group is not enough: every PostgreSQL backend starts a session of its own, and so does the
helper through which RabbitMQ starts programs. So the tree is read from the list of processes.
"""

import os
import signal
import subprocess
from collections import defaultdict
from pathlib import Path
from threading import Event
from time import monotonic


def family(pid: int) -> list[int]:
    """``pid`` and every living descendant, parents before children."""
    children: dict[int, list[int]] = defaultdict(list)
    for child, parent in _parents():
        children[parent].append(child)
    found = [pid]
    for member in found:
        found.extend(children[member])
    return found


def tell(pids: list[int], what: signal.Signals) -> None:
    """Send a signal to each of them; those already gone are no error."""
    for pid in pids:
        try:
            os.kill(pid, what)
        except ProcessLookupError:
            continue


def wait_until_gone(pids: list[int], *, within_s: float) -> bool:
    """Whether all of them ended in time. The dead that nobody has buried yet count as gone."""
    deadline = monotonic() + within_s
    pause = Event()
    while any(_is_alive(pid) for pid in pids):
        if monotonic() > deadline:
            return False
        pause.wait(0.02)
    return True


def _parents() -> list[tuple[int, int]]:
    if not Path("/proc/self/stat").exists():
        listing = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
        ).stdout
        return [(int(line.split()[0]), int(line.split()[1])) for line in listing.splitlines()]
    return [
        (int(folder.name), int(stat[1]))
        for folder in Path("/proc").iterdir()
        if folder.name.isdigit() and (stat := _stat(folder))
    ]


def _stat(folder: Path) -> list[str]:
    """State, parent and so on; the program's name before them may hold spaces and brackets."""
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _is_alive(pid: int) -> bool:
    if Path("/proc/self/stat").exists():
        stat = _stat(Path(f"/proc/{pid}"))
        return bool(stat) and stat[0] not in "ZX"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
