"""One consumer's hold on one queue of RabbitMQ."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from shop_events.amqp_address import Address, PerProcess
from shop_events.amqp_hold import Hold
from shop_events.amqp_publisher import AmqpPublisher
from shop_events.amqp_wire import Outgoing, buried, retried
from shop_events.broker import BrokerUnavailable, Delivery, Failure, Fate, TopologyMissing

log = logging.getLogger(__name__)

MOVE_WITHIN_S: Final = 5.0


class AmqpIntake:
    """An `Intake` over a connection that one thread owns; any thread may call it.

    It connects at the first ``receive``. What it sends on (to a delay, to the dead letters) goes
    over a second connection: a broker short of memory or disk stops reading from connections that
    publish, and acknowledgements must still get through (EVENTS.md pitfall 18).
    """

    def __init__(self, address: Address, queue: str, *, prefetch: int) -> None:
        self.closed = False
        self._queue = queue
        self._mine = PerProcess(
            lambda: _Connections(
                Hold(address.called(f"takes {queue}"), queue, prefetch=prefetch),
                AmqpPublisher(address.called(f"moves {queue}")),
            )
        )

    def receive(self, at_most: int, *, timeout_s: float) -> list[Delivery]:
        """Up to ``at_most`` deliveries; waits for the first one, at most ``timeout_s``.

        Raises:
            BrokerUnavailable: there is no connection at the end of the wait; call again, it
                reconnects by itself.
            TopologyMissing: the queue does not exist, or is not ours to read.
        """
        if self.closed:
            return []
        return self._mine.get().hold.shelf.take(at_most, timeout_s=timeout_s)

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        """These are done with. Quiet if the connection is gone: they will come again."""
        mine = self._mine.peek()
        if mine is not None:
            mine.hold.ack(deliveries)

    def release(self, deliveries: Sequence[Delivery]) -> None:
        """Give these back: they come again soon, and count as no attempt.

        RabbitMQ counts it towards its own delivery limit, as it does a crash.
        """
        mine = self._mine.peek()
        if mine is not None:
            mine.hold.give_back(deliveries)

    def retry(self, delivery: Delivery, *, after: timedelta, failure: Failure) -> None:
        """Deliver it again, to this queue only, with ``attempt`` + 1, after a step of the ladder.

        Raises:
            BrokerUnavailable: not moved; the original will come again.
            TopologyMissing: there is no such step; the original will come again.
        """
        self._move(delivery, retried(delivery, after, failure))

    def bury(self, delivery: Delivery, *, failure: Failure) -> None:
        """Move it to the queue's dead letters, with its cause.

        Raises:
            BrokerUnavailable: not moved; the original will come again.
            TopologyMissing: there is no exchange for the dead; the original will come again.
        """
        self._move(delivery, buried(delivery, failure))

    def close(self) -> None:
        """Stop taking; what was received and not acknowledged comes again elsewhere."""
        self.closed = True
        mine = self._mine.peek()
        if mine is not None:
            mine.hold.close()
            mine.mover.close()

    def _move(self, delivery: Delivery, copy: Outgoing) -> None:
        """The copy is confirmed first: a crash in between doubles it, and never loses it."""
        try:
            fate = self._mine.get().move(copy)
        except (BrokerUnavailable, TopologyMissing):
            self.release([delivery])
            raise
        if fate is Fate.UNROUTABLE:
            self.release([delivery])
            raise TopologyMissing(f"No queue takes {copy.routing_key} from {copy.exchange}.")
        if fate is not Fate.CONFIRMED:
            self.release([delivery])
            raise BrokerUnavailable(
                f"A message of {self._queue} was not moved to {copy.exchange}: {fate}."
            )
        self.ack([delivery])


@dataclass(slots=True)
class _Connections:
    """What one process holds for one intake."""

    hold: Hold
    mover: AmqpPublisher
    moving: threading.Lock = field(default_factory=threading.Lock)

    def move(self, copy: Outgoing) -> Fate:
        if not self.moving.acquire(timeout=MOVE_WITHIN_S):
            raise BrokerUnavailable(f"Others still wait for the broker's answer ({copy.exchange}).")
        try:
            return self.mover.post([copy], timeout_s=MOVE_WITHIN_S)[0]
        finally:
            self.moving.release()
