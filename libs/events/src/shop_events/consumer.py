"""Takes deliveries from a queue and gives each event to its handler, with one effect each.

What happens to a delivery:

    handled                      effect, inbox row and outgoing events commit together; then ack
    handled before               nothing but the ack (the inbox knows its id)
    unreadable, of no known      buried at once, with the cause: a person or an upgrade must look
      version, or Permanent
    transient fault              tried again at once, up to three times, with full jitter
    any other fault              tried again after each step of the ladder, then buried
    database not reachable, or   kept in hand while the consumer waits for it; no attempt counts
      full, or read-only           (EVENTS.md row 15: a backlog must not end as dead letters)

A batch shares one transaction. When anything in it fails, it is rolled back and its events are
handled one by one, so that a bad one fails alone.
"""

from __future__ import annotations

import logging
import random
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Executable

from shop_events import faults
from shop_events.broker import BrokerUnavailable, Delivery, Failure, Intake, TopologyMissing
from shop_events.contract import Event
from shop_events.database import Database
from shop_events.envelope import Envelope, NotAnEnvelope, from_headers
from shop_events.outage import is_transient, pauses_s, takes_no_writes
from shop_events.sql import Upsert, on_conflict
from shop_events.subscriptions import Subscription, Subscriptions
from shop_events.tables import inbox
from shop_events.topology import LADDER
from shop_events.tx import Tx
from shop_events.wire import UnknownVersion, Unreadable, decode

log = logging.getLogger(__name__)

BATCH: Final = 50
IMMEDIATE_ATTEMPTS: Final = 3
LONGEST_JITTER_S: Final = 0.2
PAUSE_AFTER_FAILED_MOVE_S: Final = 5.0


class Retryable(Exception):
    """Raised by a handler that wants the event again later: what it needs is not there yet."""


class Permanent(Exception):
    """Raised by a handler when trying again can never help; the event is buried with the cause."""


@dataclass(frozen=True, slots=True)
class Received:
    """A delivery that was read: what it says and who waits for it."""

    delivery: Delivery
    envelope: Envelope
    event: Event
    subscription: Subscription


class Consumer:
    """Handles the deliveries of one queue for one service. Its methods may run in many threads."""

    def __init__(
        self,
        database: Database,
        subscriptions: Subscriptions,
        intake: Intake,
        *,
        batch: int = BATCH,
        ladder: Sequence[timedelta] = LADDER,
        strict: bool = False,
    ) -> None:
        """``strict``: what a handler raises is raised here, and nothing is retried (for tests)."""
        self.intake = intake
        self._database = database
        self._subscriptions = subscriptions
        self._batch = batch
        self._ladder = ladder
        self._strict = strict
        self._stopping = threading.Event()

    def step(self, *, timeout_s: float = 0.0) -> int:
        """Receive and handle one batch; return how many deliveries it held.

        Raises:
            BrokerUnavailable: the connection is gone; call again.
            what `handle` raises: then what it left unanswered comes again.
        """
        deliveries = self.intake.receive(self._batch, timeout_s=timeout_s)
        try:
            self.handle(deliveries)
        except Exception:
            self.intake.release(deliveries)
            raise
        return len(deliveries)

    def handle(self, deliveries: Sequence[Delivery]) -> None:
        """Handle these, and acknowledge, retry or bury each.

        What came before and was not acknowledged may have killed its worker; it is handled
        alone, after the others are safe (EVENTS.md row 18), and in another order each time. So
        one that kills stands behind its innocent neighbours soon enough: in one order for ever,
        it would take those that come after it along into the dead letters.
        """
        readable = [one for one in map(self._read, deliveries) if one is not None]
        fresh = [one for one in readable if not one.delivery.redelivered]
        suspects = [one for one in readable if one.delivery.redelivered]
        self._handle_together(fresh)
        random.shuffle(suspects)
        for one in suspects:
            self._handle_alone(one)

    def stop(self) -> None:
        """Wait for nothing any more; what is in hand goes back to the queue when it is closed."""
        self._stopping.set()

    def _read(self, delivery: Delivery) -> Received | None:
        try:
            return self._understand(delivery)
        except (NotAnEnvelope, Unreadable) as error:
            if self._strict:
                raise
            self._bury(delivery, error)
            return None

    def _understand(self, delivery: Delivery) -> Received:
        envelope = from_headers(delivery.headers)
        known = self._subscriptions.find(envelope.type)
        if known is None:
            raise UnknownVersion(f"{self._subscriptions.service} has no handler: {envelope.type}.")
        if envelope.producer != known.contract.by:
            raise NotAnEnvelope(f"{envelope.type} comes from {envelope.source}, not its producer.")
        event = decode(
            known.contract.type,
            envelope.version,
            delivery.body,
            upcasters=self._subscriptions.upcasters,
        )
        return Received(delivery, envelope, event, known)

    def _handle_together(self, batch: Sequence[Received]) -> None:
        if not batch:
            return
        try:
            self._commit(batch)
        except Exception as error:  # noqa: BLE001 - a handler may raise anything; all is accounted for
            if len(batch) == 1 and not is_transient(error):
                self._fail(batch[0], error)
                return
            for one in batch:
                self._handle_alone(one)
            return
        self._done(batch)

    def _handle_alone(self, one: Received) -> None:
        attempt, pauses = 1, pauses_s()
        while not self._stopping.is_set():
            try:
                self._commit([one])
            except Exception as error:  # noqa: BLE001 - as above
                if takes_no_writes(error) and not self._strict:
                    self._wait_until_writable(next(pauses))
                elif self._is_worth_another(attempt, error):
                    self._stopping.wait(random.uniform(0, LONGEST_JITTER_S * attempt))
                    attempt += 1
                else:
                    self._fail(one, error)
                    return
            else:
                self._done([one])
                return

    def _wait_until_writable(self, pause_s: float) -> None:
        log.warning("%s waits for its database to take writes.", self._subscriptions.service)
        self._stopping.wait(pause_s)
        self._database.forget_connections()

    def _is_worth_another(self, attempt: int, error: Exception) -> bool:
        transient = is_transient(error) and self._database_is_back(error)
        return self._stopping.is_set() or (transient and attempt < IMMEDIATE_ATTEMPTS)

    def _commit(self, batch: Sequence[Received]) -> None:
        faults.point("consumer.before_handle", self._subscriptions.service)
        with self._database.begin(at="consumer") as tx:
            fresh = _take_in(tx, self._subscriptions.service, batch)
            for one in batch:
                if one.envelope.id in fresh:
                    fresh.discard(one.envelope.id)
                    known = one.subscription
                    with tx.scope(publishes=known.publishes, cause=one.envelope):
                        known.handler(one.event, tx)

    def _done(self, batch: Sequence[Received]) -> None:
        self.intake.ack([one.delivery for one in batch])
        faults.point("consumer.after_ack", self._subscriptions.service)

    def _database_is_back(self, error: Exception) -> bool:
        """Wait until the database answers again; False when told to stop meanwhile."""
        for pause_s in pauses_s():
            if self._database.reachable():
                return True
            log.warning("%s waits for its database.", self._subscriptions.service, exc_info=error)
            if self._stopping.wait(pause_s):
                return False
        return False

    def _fail(self, one: Received, error: Exception) -> None:
        if self._strict:
            raise error
        delivery = one.delivery
        if isinstance(error, Permanent) or delivery.attempt > len(self._ladder):
            self._bury(delivery, error)
            return
        after = self._ladder[delivery.attempt - 1]
        failure = self._failure(error)
        log.warning("%s: %s; again in %s.", one.envelope.type, failure.cause, after)
        faults.point("consumer.before_retry", self._subscriptions.service)
        self._move(delivery, lambda: self.intake.retry(delivery, after=after, failure=failure))
        faults.point("consumer.after_retry", self._subscriptions.service)

    def _bury(self, delivery: Delivery, error: Exception) -> None:
        failure = self._failure(error)
        log.error("A message in %s was given up: %s", delivery.queue, failure.cause)
        self._move(delivery, lambda: self.intake.bury(delivery, failure=failure))

    def _move(self, delivery: Delivery, move: Callable[[], None]) -> None:
        try:
            move()
        except (BrokerUnavailable, TopologyMissing) as error:
            # It was not moved and is still the broker's. The pause keeps a broker that takes
            # nothing from counting it towards the delivery limit in no time.
            log.warning("A message in %s comes again: %s", delivery.queue, error)
            self._stopping.wait(PAUSE_AFTER_FAILED_MOVE_S)
            self.intake.release([delivery])

    def _failure(self, error: Exception) -> Failure:
        return Failure(
            consumer=self._subscriptions.service,
            type=type(error).__name__,
            cause=_cause(error),
            at=self._database.clock.now(),
        )


def _take_in(tx: Tx, consumer: str, batch: Sequence[Received]) -> set[str]:
    """Write the inbox rows; the ids that were not there yet.

    Sorted, so that two consumers with the same events wait for each other in one order.
    """
    rows: list[dict[str, Any]] = [
        {
            "consumer": consumer,
            "event_id": one.envelope.id,
            "type": one.envelope.type,
            "handled_at": tx.now,
        }
        for one in sorted(batch, key=lambda one: one.envelope.id)
    ]
    insert = on_conflict(tx.connection, inbox, _if_new)
    return set(tx.connection.execute(insert, rows).scalars())


def _if_new(row: Upsert) -> Executable:
    return row.on_conflict_do_nothing().returning(inbox.c.event_id)


def _cause(error: Exception) -> str:
    """Why, without anybody's data: texts of unknown exceptions may hold what a person typed."""
    if isinstance(error, (NotAnEnvelope, Unreadable)):
        return str(error)[:300]
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    where = f" in {last.name}, line {last.lineno}" if last else ""
    return f"{type(error).__name__}{where}"
