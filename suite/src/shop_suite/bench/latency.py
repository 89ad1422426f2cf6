"""How long from a commit to the handler of another service, when nothing else is going on?

Between processes: one commits, one relays, one handles, as deployed. Embedded: all in one process.
The time runs from just before the commit (the fsync is part of it) to the handler's first line.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Final

from shop_events import Broker
from shop_events.amqp import AmqpBroker
from shop_events.local_broker import LocalBroker
from shop_suite.bench import notices
from shop_suite.bench.figures import Floor, describe_waits, percentile
from shop_suite.bench.ground import Asked, Ground
from shop_suite.bench.part import Errand

ROUNDS: Final = 3
SAMPLES: Final = 120  # a round
WARM_UP: Final = 10  # the first of each round, left out: connections are made in them
GAP_S: Final = 0.2
BELOW_MS: Final = {"between processes": 25.0, "in one process": 10.0}
ANSWERS_WITHIN_S: Final = 120.0


class WentWrong(Exception):
    """A process of the measurement ended early, or a notice never met its handler."""


def ask(asked: Asked) -> list[Floor]:
    """Measure both ways in turn."""
    rounds: dict[str, list[_Round]] = {where: [] for where in BELOW_MS}
    for _ in range(ROUNDS):
        rounds["between processes"].append(_between_processes(asked.ground))
        rounds["in one process"].append(_in_one(asked.ground))
    return [_told(asked, where, measured) for where, measured in rounds.items()]


@dataclass(frozen=True, slots=True)
class _Round:
    waits_s: list[float]  # from just before the commit
    since_commit_s: list[float]  # from just after it
    cpu_ms: dict[str, float]  # a notice, by process

    @property
    def p50_ms(self) -> float:
        return 1_000 * percentile(self.waits_s, 0.5)


def _told(asked: Asked, where: str, rounds: Sequence[_Round]) -> Floor:
    waits = [wait for one in rounds for wait in one.waits_s]
    since = [wait for one in rounds for wait in one.since_commit_s]
    cpu = {who: median(one.cpu_ms[who] for one in rounds) for who in rounds[0].cpu_ms}
    spent = ", ".join(f"{who} {ms:.1f}" for who, ms in cpu.items())
    asked.say(f"    {where:<18} {describe_waits(waits)}; CPU ms each: {spent}")
    asked.say(f"    {'':<18} from the commit's end: {describe_waits(since)}")
    middle = median(one.p50_ms for one in rounds)
    return Floor(
        what=f"commit to handler, p50, {where}",
        measured=middle,
        limit=BELOW_MS[where],
        unit="ms",
        less_is_better=True,
    )


def _between_processes(ground: Ground) -> _Round:
    url = ground.vhost()
    errand = _errand(ground.database(), ground.database(), url, AmqpBroker(url))
    carries, hears = (_Process(role, errand) for role in ("carries", "hears"))
    says = _Process("says", errand)
    says.read("said")
    # Whoever carries ends last: until then the last notice may be on its way.
    said, heard = says.end(), hears.end()
    return _round(says=said, hears=heard, carries=carries.end())


def _in_one(ground: Ground) -> _Round:
    folder = ground.folder()
    path = folder / "broker.db"
    writer, reader = (f"sqlite:///{folder / name}.db" for name in ("writer", "reader"))
    everything = _Process("all", _errand(writer, reader, str(path), LocalBroker(path)))
    everything.read("said")
    return _round(all=everything.end())


def _errand(writer: str, reader: str, where: str, broker: Broker) -> Errand:
    """Make databases and queues; the processes find them there."""
    notices.declare(broker)
    broker.close()
    for url, service in ((writer, notices.WRITER), (reader, notices.READER)):
        notices.opened(url, service).close()
    return Errand(writer=writer, reader=reader, broker=where, count=WARM_UP + SAMPLES, gap_s=GAP_S)


def _round(**ended: dict[str, Any]) -> _Round:
    said, heard = ended.get("says") or ended["all"], ended.get("hears") or ended["all"]
    numbers = [str(number) for number in range(WARM_UP, WARM_UP + SAMPLES)]
    if lost := [number for number in numbers if number not in heard["heard"]]:
        raise WentWrong(f"{len(lost)} notices never met their handler: {lost[:5]}.")
    cpu = {who: 1_000 * marks["cpu_s"] / (WARM_UP + SAMPLES) for who, marks in ended.items()}
    return _Round(
        [heard["heard"][number] - said["asked"][number] for number in numbers],
        [heard["heard"][number] - said["committed"][number] for number in numbers],
        cpu,
    )


class _Process:
    """A part at work. It is ready when this returns."""

    def __init__(self, role: str, errand: Errand) -> None:
        self._role = role
        self._process = subprocess.Popen(
            [sys.executable, "-m", "shop_suite.bench.part", role],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._patience = threading.Timer(ANSWERS_WITHIN_S, self._process.kill)
        self._patience.start()
        self._write(json.dumps(asdict(errand)))
        self.read("ready")

    def read(self, wanted: str = "") -> str:
        """The next line it says, which must be ``wanted`` if that is given."""
        assert self._process.stdout is not None  # noqa: S101 - it was opened as a pipe
        line = self._process.stdout.readline().strip()
        if not line or (wanted and line != wanted):
            raise WentWrong(f"The process that {self._role} said {line!r}.")
        return line

    def end(self) -> dict[str, Any]:
        """Tell it to end; its marks."""
        self._write("end")
        marks: dict[str, Any] = json.loads(self.read())
        self._process.wait(10)
        self._patience.cancel()
        return marks

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was opened as a pipe
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
