"""Publishes whole batches to RabbitMQ and waits for all confirms once, never beyond a limit."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from typing import Final

from shop_events.amqp_address import Address, Backoff, PerProcess
from shop_events.amqp_line import Batch, Line
from shop_events.amqp_wire import Outgoing, outgoing
from shop_events.broker import BrokerUnavailable, Fate, Message, TopologyMissing

# The largest gain lies between 20 and 200 under way, nothing beyond 1,000 (EVENTS.md pitfall 3).
WINDOW: Final = 500
CLOSE_WITHIN_S: Final = 1.5

log = logging.getLogger(__name__)


class AmqpPublisher:
    """A `Publisher` over one connection at a time. It connects at the first ``send``.

    A line that owes an answer when the time is over is dropped: what it may still say would be
    about messages that were sent again meanwhile.
    """

    def __init__(self, address: Address, *, window: int = WINDOW) -> None:
        """``window``: how many messages may be unconfirmed at once; 1 is one by one."""
        self.closed = False
        self._mine = PerProcess(lambda: _Connecting(address, window))

    def send(self, messages: Sequence[Message], *, timeout_s: float = 5.0) -> list[Fate]:
        """Publish in order; one fate each, in the same order. Never waits beyond ``timeout_s``.

        Raises:
            BrokerUnavailable: there is no connection; nothing was sent.
            TopologyMissing: an exchange does not exist, or we may not publish there.
        """
        return self.post([outgoing(message) for message in messages], timeout_s=timeout_s)

    def post(self, messages: Sequence[Outgoing], *, timeout_s: float) -> list[Fate]:
        """The same for messages that are ready to go."""
        if self.closed:
            raise BrokerUnavailable("This publisher was closed.")
        if not messages:
            return []
        deadline = time.monotonic() + timeout_s
        mine = self._mine.get()
        line = mine.open_line(deadline)
        batch = line.publish(messages)
        batch.done.wait(_left(deadline))
        return _fates(batch, line, mine)

    def close(self) -> None:
        """Let go of the connection; what is unconfirmed stays unknown. Within two seconds."""
        self.closed = True
        mine = self._mine.peek()
        if mine is not None:
            mine.close()


class _Connecting:
    """Keeps a line open, or opens the next one, pausing longer after each failure."""

    def __init__(self, address: Address, window: int) -> None:
        self._address = address
        self._window = window
        self._backoff = Backoff()
        self._turn = 0
        self._line: Line | None = None
        self._closed = threading.Event()

    def open_line(self, deadline: float) -> Line:
        why = "it did not answer in time"
        while not self._closed.is_set():
            if self._line is None:
                self._line = Line(self._address.for_pika(self._turn), window=self._window)
            line = self._line
            line.opened.wait(_left(deadline))
            if line.opened.is_set() and not line.ended.is_set():
                return line
            if line.ended.is_set():
                why = line.why
                log.warning("No connection for publishing: %s", why)
                self.give_up(line)
                self._closed.wait(min(self._backoff.next_s(), _left(deadline)))
            if time.monotonic() >= deadline:
                raise BrokerUnavailable(f"No connection to the broker for publishing: {why}.")
        raise BrokerUnavailable("This publisher was closed.")

    def give_up(self, line: Line) -> None:
        line.drop()
        self._line = None
        self._turn += 1

    def close(self) -> None:
        self._closed.set()
        if self._line is not None:
            self._line.close(timeout_s=CLOSE_WITHIN_S)


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())


def _fates(batch: Batch, line: Line, mine: _Connecting) -> list[Fate]:
    fates = list(batch.fates)
    if not batch.answered:
        mine.give_up(line)
        if line.refusal:
            raise TopologyMissing(f"The broker does not take what was published: {line.refusal}.")
    return fates
