"""One process of the latency question: says notices, carries them, hears them, or does all three.

    python -m shop_suite.bench.part says|carries|hears|all   (what it needs to know on its input)

It says ``ready`` on its output, and ``said`` when it has said everything. The next line of its
input ends it; its marks are its last words, as JSON. Instants are those of the machine's monotonic
clock, which is the same in every process.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from shop_events import Broker, Database, Subscriptions, Worker
from shop_events.amqp import AmqpBroker
from shop_events.local_broker import LocalBroker
from shop_suite.bench import cpu, notices

LAST_ARRIVES_WITHIN_S: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a process is told. ``broker`` is an AMQP address or the path of a file."""

    writer: str
    reader: str
    broker: str
    count: int
    gap_s: float  # between two notices: half of it to one and a half, by chance


@dataclass(slots=True)
class Marks:
    """When which notice was about to be committed, was committed, and met its handler."""

    asked: dict[int, float] = field(default_factory=dict)
    committed: dict[int, float] = field(default_factory=dict)
    heard: dict[int, float] = field(default_factory=dict)
    cpu_s: float = 0.0


class Part:
    """What one process has open."""

    def __init__(self, errand: Errand) -> None:
        self.marks = Marks()
        self._errand = errand
        self._open = ExitStack()
        self._writer = Database(errand.writer, service=notices.WRITER)
        self._open.callback(self._writer.close)

    def work(self, role: str) -> None:
        """Start the writer's worker, which relays, or the reader's, which hears, or both."""
        broker = _broker(role, self._errand.broker)
        self._open.callback(broker.close)
        if role in ("carries", "all"):
            self._start(Worker(self._writer, broker, Subscriptions(notices.WRITER)))
        if role in ("hears", "all"):
            reader = Database(self._errand.reader, service=notices.READER)
            self._open.callback(reader.close)
            self._start(Worker(reader, broker, notices.reader(self._heard)))

    def say_all(self) -> None:
        """Commit notices, one at a time, with pauses: what a web process does."""
        pause, chance = threading.Event(), random.Random(self._errand.count)
        for number in range(self._errand.count):
            pause.wait(self._errand.gap_s * chance.uniform(0.5, 1.5))
            with self._writer.begin(publishes={notices.NoticeGiven}) as tx:
                notices.give(tx, number)
                self.marks.asked[number] = time.monotonic()
            self.marks.committed[number] = time.monotonic()

    def wait_for_the_last(self) -> None:
        """Until everything was heard, or the time for it is over."""
        pause, until = threading.Event(), time.monotonic() + LAST_ARRIVES_WITHIN_S
        while len(self.marks.heard) < self._errand.count and time.monotonic() < until:
            pause.wait(0.02)

    def close(self) -> None:
        """Let go of everything, the latest first."""
        self._open.close()

    def _start(self, worker: Worker) -> None:
        worker.start()
        self._open.callback(worker.stop)

    def _heard(self, number: int) -> None:
        self.marks.heard.setdefault(number, time.monotonic())


def main(role: str) -> None:
    """Be one of the processes."""
    part = Part(Errand(**json.loads(sys.stdin.readline())))
    if role != "says":
        part.work(role)
    _tell("ready")
    spent_s = cpu.mine()
    if role in ("says", "all"):
        part.say_all()
        _tell("said")
    sys.stdin.readline()
    if role in ("hears", "all"):
        part.wait_for_the_last()
    part.marks.cpu_s = cpu.mine() - spent_s
    part.close()
    _tell(json.dumps(asdict(part.marks)))


def _broker(role: str, where: str) -> Broker:
    return AmqpBroker(where, name=role) if "://" in where else LocalBroker(Path(where))


def _tell(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
