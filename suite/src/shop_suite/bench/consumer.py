"""What is a batch in one transaction worth, against a transaction for each event?"""

from __future__ import annotations

import time
from typing import Final

from shop_events import Broker
from shop_events.amqp import AmqpBroker
from shop_events.consumer import Consumer
from shop_events.local_broker import LocalBroker
from shop_events.relay import Relay
from shop_events.topology import events_queue
from shop_suite.bench import cpu, notices
from shop_suite.bench.figures import Floor, Run, describe, middle_ratio
from shop_suite.bench.ground import Asked

ROUNDS: Final = 5
AT_LEAST: Final = 2.0
BATCHES: Final = {"one a transaction": 1, "fifty a transaction": 50}
EVENTS: Final = {"one a transaction": 600, "fifty a transaction": 2_000}  # a run
WITHIN_S: Final = 60.0


class NotHeard(Exception):
    """Not everything that was published arrived in time."""


def ask(asked: Asked) -> list[Floor]:
    """Measure on PostgreSQL with RabbitMQ, then on SQLite with the broker in a file."""
    url, vhost = asked.ground.database, asked.ground.vhost()
    deployed = _Place(AmqpBroker(vhost), url(), url(), asked.ground.server_meters)
    folder = asked.ground.folder()
    embedded = _Place(
        LocalBroker(folder / "broker.db"),
        f"sqlite:///{folder / 'writer.db'}",
        f"sqlite:///{folder / 'reader.db'}",
        {},
    )
    return [
        _told(asked, "PostgreSQL + RabbitMQ", deployed),
        _told(asked, "SQLite + broker file", embedded),
    ]


def _told(asked: Asked, where: str, place: _Place) -> Floor:
    runs: dict[str, list[Run]] = {mode: [] for mode in BATCHES}
    for _ in range(ROUNDS):
        for mode, batch in BATCHES.items():
            runs[mode].append(place.measure(EVENTS[mode], batch))
    place.close()
    for mode, measured in runs.items():
        asked.say(f"    {where}, {mode:<19} {describe(measured)}")
    one, fifty = runs.values()
    return Floor(
        what=f"consumer, fifty against one, {where}",
        measured=middle_ratio(fifty, one),
        limit=AT_LEAST,
        unit="x",
    )


class _Place:
    """A writer that fills the reader's queue, and the reader's database."""

    def __init__(
        self, broker: Broker, writer_url: str, reader_url: str, meters: cpu.Meters
    ) -> None:
        self._broker = broker
        notices.declare(broker)
        self._writer = notices.opened(writer_url, notices.WRITER)
        self._reader = notices.opened(reader_url, notices.READER)
        self._relay = Relay(self._writer, broker.publisher)
        self._meters = {"client": cpu.mine, **meters}

    def measure(self, count: int, batch: int) -> Run:
        """Fill the queue, then empty it. The first batch is left out: it connects."""
        self._fill(count + batch)
        intake = self._broker.intake(events_queue(notices.READER), prefetch=max(50, batch))
        consumer = Consumer(self._reader, notices.reader(), intake, batch=batch, strict=True)
        first = _handle(consumer, 1)
        watch = cpu.Stopwatch(self._meters)
        with watch.running():
            rest = _handle(consumer, count + batch - first)
        intake.close()
        return watch.run(rest)

    def close(self) -> None:
        """Let go of broker and databases."""
        self._relay.close()
        self._broker.close()
        for database in (self._writer, self._reader):
            database.close()

    def _fill(self, count: int) -> None:
        notices.fill(self._writer, count)
        while self._relay.step():
            pass


def _handle(consumer: Consumer, at_least: int) -> int:
    """Handle until ``at_least`` events are; how many were."""
    done, until = 0, time.monotonic() + WITHIN_S
    while done < at_least:
        done += consumer.step(timeout_s=1.0)
        if time.monotonic() > until:
            raise NotHeard(f"{done} of {at_least} events arrived in {WITHIN_S} s.")
    return done
