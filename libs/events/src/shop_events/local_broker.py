"""The broker of the embedded default: durable queues, retries, dead letters and the log in one
SQLite file, used by the threads of one process.

It keeps the promises of `shop_events.broker` and passes the same suite as RabbitMQ. Nothing that
was confirmed is lost when the process is killed or the power fails; what was in hand comes again
when the file is opened next.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from shop_events import faults
from shop_events.broker import (
    BrokerUnavailable,
    DeadLetter,
    Fate,
    Intake,
    Logged,
    Message,
    Publisher,
)
from shop_events.clock import Clock, SystemClock
from shop_events.local.declared import Declared
from shop_events.local.file import LocalFile, micros
from shop_events.local.intake import LocalIntake
from shop_events.local.messages import Messages
from shop_events.topology import LOG, Topology

TIDY_EVERY_S: Final = 60.0
_LOG_PAGE: Final = 500


class LocalBroker:
    """The broker in the file ``path``, which is made if it is not there.

    Raises:
        BrokerUnavailable: another process has the file open, or it cannot be opened.
    """

    def __init__(self, path: Path, *, clock: Clock | None = None) -> None:
        self._file = LocalFile(Path(path), clock or SystemClock())
        with self._file.turn():
            self._declared = Declared(self._file)
            self._messages = Messages(self._file, self._declared)
        self._tidy_at = time.monotonic()

    def apply(self, topology: Topology) -> None:
        """Make everything in ``topology`` exist, in one transaction.

        Raises:
            TopologyMissing: something exists with other arguments; nothing was made.
        """
        with self._file.turn():
            self._declared.apply(topology)

    def diff(self, topology: Topology) -> list[str]:
        """What ``topology`` asks for and the file lacks or has otherwise, a sentence each."""
        with self._file.turn():
            return self._declared.diff(topology)

    def publisher(self) -> Publisher:
        """A new publisher."""
        return LocalPublisher(self)

    def intake(self, queue: str, *, prefetch: int = 50) -> Intake:
        """A new hold on ``queue``, with at most ``prefetch`` deliveries in hand."""
        return LocalIntake(
            self._file, self._declared, self._messages, queue=queue, prefetch=prefetch
        )

    def send(self, messages: Sequence[Message], *, timeout_s: float = 5.0) -> list[Fate]:
        """Store a batch in one transaction and wake its consumers.

        Raises:
            BrokerUnavailable: closed, or the file cannot be written; nothing was stored.
            TopologyMissing: an exchange does not exist; nothing was stored.
        """
        with self._file.turn(timeout_s=timeout_s):
            routes = [self._declared.route(one.exchange, one.routing_key) for one in messages]
            with self._file.change(durable=True):
                self._messages.put(messages, routes)
                faults.point("relay.after_publish")
            self._file.ring({queue.name for queues in routes for queue in queues})
            self._tidy_now_and_then()
        return [Fate.CONFIRMED if queues else Fate.UNROUTABLE for queues in routes]

    def depth(self, queue: str) -> int:
        """How many messages wait in ``queue``; those in hand or waiting for a retry do not.

        Raises:
            TopologyMissing: there is no such queue.
        """
        with self._file.turn():
            return self._messages.depth(self._declared.queue(queue))

    def dead_letters(self, queue: str, *, at_most: int = 1_000) -> list[DeadLetter]:
        """What was given up in ``queue``, oldest first; it stays there."""
        with self._file.turn():
            return self._messages.dead_letters(queue, at_most)

    def read_log(self, *, after: int | datetime | None = None) -> Iterator[Logged]:
        """The log from its start, after an offset, or of events from an instant on, up to its
        end at the time of the first item.

        Raises:
            TopologyMissing: there is no log.
        """
        with self._file.turn():
            self._declared.queue(LOG)
            start = self._file.one("SELECT coalesce(min(offset) - 1, 0) FROM log")
            end = self._file.one("SELECT coalesce(max(offset), 0) FROM log")
        if isinstance(after, int):
            start = max(start, after)
        from_instant = micros(after) if isinstance(after, datetime) else None
        for before in range(start, end, _LOG_PAGE):
            yield from self._page(before, min(before + _LOG_PAGE, end), from_instant)

    def tidy(self) -> None:
        """Delete a bounded part of what outlived its queue's time; also done now and then."""
        with self._file.turn():
            self._messages.tidy()

    def close(self) -> None:
        """Let go of the file; what is in hand comes again when it is opened."""
        self._file.close()

    def _page(self, before: int, last: int, from_instant: int | None) -> list[Logged]:
        """A page by offsets, whatever it holds, so that nobody waits while a long log is read."""
        with self._file.turn():
            rows = self._file.run(
                "SELECT offset, headers, body FROM log WHERE offset > ? AND offset <= ?"
                " AND (? IS NULL OR at >= ?) ORDER BY offset",
                (before, last, from_instant, from_instant),
            ).fetchall()
        return [
            Logged(number, msgspec.json.decode(headers), body) for number, headers, body in rows
        ]

    def _tidy_now_and_then(self) -> None:
        if time.monotonic() < self._tidy_at:
            return
        more = self._messages.tidy()
        self._tidy_at = time.monotonic() + (0 if more else TIDY_EVERY_S)


class LocalPublisher:
    """Publishes to a local broker; it holds nothing of its own."""

    def __init__(self, broker: LocalBroker) -> None:
        self._broker = broker
        self._closed = False

    def send(self, messages: Sequence[Message], *, timeout_s: float = 5.0) -> list[Fate]:
        """Publish in order, in one transaction; one fate each, in the same order.

        Raises:
            BrokerUnavailable: closed, or the file cannot be written; nothing was stored.
            TopologyMissing: an exchange does not exist; nothing was stored.
        """
        if self._closed:
            raise BrokerUnavailable("This publisher was closed.")
        return self._broker.send(messages, timeout_s=timeout_s) if messages else []

    def close(self) -> None:
        """Nothing is held; sending is refused from here on."""
        self._closed = True
