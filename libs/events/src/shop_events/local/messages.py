"""The messages in the queues of a local broker, as rows.

Every queue has its own copy of a message: an acknowledged private event is gone with its last
row, and nothing has to count who still needs a body.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

import msgspec

from shop_events.broker import (
    ATTEMPT,
    CAUSE,
    CAUSE_TYPE,
    ORIGIN_EXCHANGE,
    ORIGIN_KEY,
    DeadLetter,
    Delivery,
    Message,
)
from shop_events.envelope import to_headers
from shop_events.local.declared import Declared
from shop_events.local.file import LocalFile, micros
from shop_events.topology import DELIVERY_LIMIT, Queue, QueueKind, dead_queue

_TIDIES_AT_ONCE: Final = 1_000  # rows; a publisher must not wait long for the broom

_PUT: Final = """
INSERT INTO message (id, queue, since, exchange, key, headers, body) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_LOG: Final = "INSERT INTO log (logged_at, at, headers, body) VALUES (?, ?, ?, ?)"
_TAKE: Final = """
UPDATE message SET held = 1, deliveries = deliveries + 1 WHERE id IN (
    SELECT id FROM message WHERE held = 0 AND queue = ? AND due_at IS NULL ORDER BY id LIMIT ?)
RETURNING id, deliveries, exchange, key, headers, body
"""
_DUE: Final = """
SELECT id FROM message WHERE held = 0 AND queue = ? AND due_at <= ? ORDER BY due_at, id LIMIT 1000
"""
_MOVE: Final = """
UPDATE message SET id = ?, queue = ?, held = 0, due_at = ?, deliveries = 0, since = ?, headers = ?
WHERE id = ?
"""
_WAITING: Final = """
SELECT count(*) FROM message WHERE held = 0 AND queue = ? AND (due_at IS NULL OR due_at <= ?)
"""
_DEAD: Final = """
SELECT key, headers, body FROM message WHERE id IN (
    SELECT id FROM message WHERE held IN (0, 1) AND queue = ? ORDER BY id LIMIT ?) ORDER BY id
"""
_LEFT_HELD: Final = "SELECT id, deliveries, queue FROM message WHERE held = 1"
_EXPIRED: Final = """
DELETE FROM message WHERE since < ? AND id IN (
    SELECT id FROM message WHERE held = 0 AND queue = ? AND due_at IS NULL ORDER BY id LIMIT ?)
"""
_EXPIRED_LOG: Final = """
DELETE FROM log WHERE logged_at < ? AND offset IN (SELECT offset FROM log ORDER BY offset LIMIT ?)
"""


class Handle(NamedTuple):
    """Which row was delivered, and the how-manieth time."""

    id: int
    delivery: int


class Messages:
    """Puts, takes, moves and removes rows. Every method expects its caller to have the turn."""

    def __init__(self, file: LocalFile, declared: Declared) -> None:
        self._file = file
        self._declared = declared
        with file.change():
            self._take_back_what_a_crash_left()

    def put(self, messages: Sequence[Message], routes: Sequence[Sequence[Queue]]) -> None:
        """Store each message in each of its queues, within a change."""
        now = self._file.now()
        rows: list[tuple[object, ...]] = []
        logged: list[tuple[object, ...]] = []
        for message, queues in zip(messages, routes, strict=True):
            headers = msgspec.json.encode(to_headers(message.envelope))
            to = (message.exchange, message.routing_key, headers, message.body)
            for queue in queues:
                if queue.kind is QueueKind.LOG:
                    logged.append((now, micros(message.envelope.time), headers, message.body))
                else:
                    rows.append((self._file.next_id(), queue.name, now, *to))
        self._file.run_each(_PUT, rows)
        self._file.run_each(_LOG, logged)

    def take(self, queue: str, at_most: int) -> list[Delivery]:
        """Hold the oldest waiting messages; those that came due are at the end of the queue."""
        self._bring_home(queue)
        with self._file.change():
            rows = self._file.run(_TAKE, (queue, at_most)).fetchall()
        return [_delivery(queue, *row) for row in sorted(rows)]

    def next_due(self, queue: str) -> int | None:
        """When the next retry comes home, in microseconds."""
        found = self._file.run(
            "SELECT min(due_at) FROM message WHERE held = 0 AND queue = ? AND due_at > 0", (queue,)
        ).fetchone()
        return None if found[0] is None else int(found[0])

    def remove(self, handles: Iterable[Handle]) -> None:
        """These are done with, within a change."""
        self._file.run_each("DELETE FROM message WHERE id = ?", [(one.id,) for one in handles])

    def delay(self, delivery: Delivery, *, after: timedelta, said: Mapping[str, str]) -> None:
        """Let it come home ``after`` from now, with one more attempt, within a change."""
        headers = {**delivery.headers, **said, ATTEMPT: delivery.attempt + 1}
        due_at = self._file.now() + after // timedelta(microseconds=1)
        self._move(_handle(delivery), queue=delivery.queue, due_at=due_at, headers=headers)

    def bury(self, delivery: Delivery, *, said: Mapping[str, str]) -> None:
        """Move it to the dead letters of its queue, within a change.

        Raises:
            TopologyMissing: the queue has no dead letters.
        """
        grave = self._declared.queue(dead_queue(delivery.queue)).name
        self._move(_handle(delivery), queue=grave, headers={**delivery.headers, **said})

    def give_back(self, queue: str, handles: Iterable[Handle]) -> None:
        """Let them come again, but not for ever, within a change.

        A message that came back `DELIVERY_LIMIT` times may be what kills its consumers. Dead
        letters themselves are not counted: people look at them as often as they like.
        """
        mortal = self._is_mortal(queue)
        for handle in handles:
            if mortal and handle.delivery > DELIVERY_LIMIT:
                self._give_up(queue, handle)
            else:
                self._file.run("UPDATE message SET held = 0 WHERE id = ?", (handle.id,))

    def depth(self, queue: Queue) -> int:
        """How many wait."""
        if queue.kind is QueueKind.LOG:
            return self._file.one("SELECT count(*) FROM log")
        return self._file.one(_WAITING, (queue.name, self._file.now()))

    def dead_letters(self, queue: str, at_most: int) -> list[DeadLetter]:
        """What was given up in ``queue``, oldest first."""
        grave = self._declared.queue(dead_queue(queue)).name
        return [
            DeadLetter(queue, key, msgspec.json.decode(headers), body)
            for key, headers, body in self._file.run(_DEAD, (grave, at_most))
        ]

    def tidy(self) -> bool:
        """Delete some of what outlived its queue's time; whether there may be more of it."""
        now = self._file.now()
        deleted = 0
        with self._file.change():
            for queue in self._declared.queues():
                if queue.ttl is None or queue.kind is QueueKind.DELAY:
                    continue
                oldest = now - queue.ttl // timedelta(microseconds=1)
                if queue.kind is QueueKind.LOG:
                    gone = self._file.run(_EXPIRED_LOG, (oldest, _TIDIES_AT_ONCE))
                else:
                    gone = self._file.run(_EXPIRED, (oldest, queue.name, _TIDIES_AT_ONCE))
                deleted = max(deleted, gone.rowcount)
        return deleted == _TIDIES_AT_ONCE

    def _bring_home(self, queue: str) -> None:
        """Put those that came due at the end of the queue, as RabbitMQ's delay queues do."""
        due = self._file.run(_DUE, (queue, self._file.now())).fetchall()
        if due:
            with self._file.change():
                self._file.run_each(
                    "UPDATE message SET id = ?, due_at = NULL WHERE id = ?",
                    [(self._file.next_id(), id_) for (id_,) in due],
                )

    def _move(
        self,
        handle: Handle,
        *,
        queue: str,
        headers: Mapping[str, object],
        due_at: int | None = None,
    ) -> None:
        to = (self._file.next_id(), queue, due_at, self._file.now(), msgspec.json.encode(headers))
        self._file.run(_MOVE, (*to, handle.id))

    def _is_mortal(self, queue: str) -> bool:
        """Whether its messages are given up at the limit: it is a work queue with dead letters."""
        names = {known.name for known in self._declared.queues()}
        work = self._declared.queue(queue).kind is QueueKind.WORK
        return work and dead_queue(queue) in names

    def _give_up(self, queue: str, handle: Handle) -> None:
        row = self._file.run(
            "SELECT exchange, key, headers FROM message WHERE id = ?", (handle.id,)
        )
        exchange, key, encoded = row.fetchone()
        headers: dict[str, Any] = msgspec.json.decode(encoded)
        headers.setdefault(ORIGIN_EXCHANGE, exchange)
        headers.setdefault(ORIGIN_KEY, key)
        headers[CAUSE_TYPE] = "DeliveryLimit"
        headers[CAUSE] = f"Delivered {handle.delivery} times and never answered for."
        self._move(handle, queue=dead_queue(queue), headers=headers)

    def _take_back_what_a_crash_left(self) -> None:
        for id_, deliveries, queue in self._file.run(_LEFT_HELD).fetchall():
            self.give_back(queue, [Handle(id_, deliveries)])


def _delivery(queue: str, *row: Any) -> Delivery:
    id_, deliveries, exchange, key, encoded, body = row
    headers: dict[str, object] = msgspec.json.decode(encoded)
    attempt = headers.get(ATTEMPT, 1)
    return Delivery(
        queue=queue,
        routing_key=key,
        exchange=exchange,
        headers=headers,
        body=body,
        redelivered=deliveries > 1,
        handle=Handle(id_, deliveries),
        attempt=attempt if isinstance(attempt, int) else 1,
    )


def _handle(delivery: Delivery) -> Handle:
    if not isinstance(delivery.handle, Handle):
        raise TypeError(f"{delivery.handle!r} is no delivery of a local broker.")
    return delivery.handle
