"""One consuming connection, from its opening to its end, in the hands of one thread.

kombu opens it, py-amqp reads it frame by frame. Nothing here waits longer than a socket timeout.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

import amqp
from amqp.exceptions import AccessRefused, NotFound

from shop_events.amqp_address import HEARTBEAT_S, Address
from shop_events.amqp_wire import delivered
from shop_events.broker import BrokerUnavailable, Delivery, TopologyMissing

# Frames read before acknowledgements get their turn.
READ_AT_ONCE: Final = 300
GOODBYE_S: Final = 0.8


@dataclass(frozen=True, slots=True)
class Handle:
    """Which delivery it was, and of which connection: tags of an earlier one mean nothing."""

    session: object
    tag: int


class Session:
    """A connection that consumes one queue. Only the thread that opened it may use it."""

    def __init__(self, address: Address, queue: str, *, prefetch: int, turn: int) -> None:
        """Connect and start to consume.

        Raises:
            BrokerUnavailable, TopologyMissing: in the words of the broker.
        """
        self.arrived: list[Delivery] = []
        self._queue = queue
        self._held: dict[int, None] = {}  # delivery tags not answered yet, oldest first
        self._cancelled = False
        self._connection = _opened(address, turn)
        try:
            self._consume(prefetch)
        except (amqp.AMQPError, OSError) as error:
            self.abandon()
            raise unavailable(error, queue) from error
        self._beat_every_s = max(0.25, (self._connection.heartbeat or HEARTBEAT_S) / 4)
        self._beat_at = 0.0
        self._line = _watching(self._connection.sock)

    def wait(self, waker: socket.socket, *, at_most_s: float) -> None:
        """Until something comes, ``waker`` has something to read, or a heartbeat is due."""
        if not self._has_bytes():
            both = _watching(self._connection.sock, waker)
            both.poll(1000 * min(at_most_s, self._beat_every_s))

    def read(self) -> list[Delivery]:
        """What has arrived, without waiting for more.

        Raises:
            BrokerUnavailable: the broker ended the subscription.
            OSError, amqp.AMQPError: the connection is lost.
        """
        for _ in range(READ_AT_ONCE):
            if not self._has_bytes():
                break
            try:
                self._connection.blocking_read(timeout=None)
            except TimeoutError:
                break  # half a frame: py-amqp keeps it; heartbeats tell whether the rest comes
        if self._cancelled:
            raise BrokerUnavailable(f"The broker ended the subscription to {self._queue}.")
        arrived, self.arrived = self.arrived, []
        return arrived

    def ack(self, handles: Sequence[Handle]) -> None:
        """These are done with: the oldest in one frame, those with older ones in hand singly."""
        done = {one.tag for one in handles if one.session is self}
        oldest = list(takewhile(done.__contains__, self._held))
        tags = self._let_go(handles)
        if oldest:
            self._channel.basic_ack(oldest[-1], multiple=True)
        for tag in tags:
            if not oldest or tag > oldest[-1]:
                self._channel.basic_ack(tag)

    def give_back(self, handles: Sequence[Handle]) -> None:
        """These shall be delivered again, to anybody."""
        for tag in self._let_go(handles):
            # reject, not nack: py-amqp has no nack, and RabbitMQ 4.3 would not count it
            self._channel.basic_reject(tag, requeue=True)

    def beat(self) -> None:
        """Send a heartbeat if one is due, and see whether the broker's came.

        Raises:
            amqp.ConnectionForced: two of them are missing.
        """
        if time.monotonic() >= self._beat_at:
            self._beat_at = time.monotonic() + self._beat_every_s
            self._connection.heartbeat_tick(rate=2)

    def close(self) -> None:
        """Say goodbye, so that the last acknowledgements surely arrive; at most a second."""
        try:
            self._connection.sock.settimeout(GOODBYE_S)
            # RabbitMQ hands a quorum queue 32 commands at a time and forgets the rest when the
            # channel closes: of 4,000 messages acked singly, 1,641 came again (3.10.8). The end of
            # the subscription is answered only when they are dealt with: then none did.
            self._channel.basic_cancel(self._tag)
            self._channel.basic_qos(0, 1, False)
            self._connection.close()
        except (amqp.AMQPError, OSError):
            self.abandon()

    def abandon(self) -> None:
        """Close the socket without a word (EVENTS.md pitfall 5)."""
        self._connection.collect()

    def _consume(self, prefetch: int) -> None:
        self._channel = self._connection.channel()
        # For each consumer: quorum queues refuse a limit for the whole channel (pitfall 17).
        self._channel.basic_qos(0, prefetch, False)
        self._tag = self._channel.basic_consume(
            self._queue, callback=self._on_delivery, on_cancel=self._on_cancel
        )

    def _on_delivery(self, raw: Any) -> None:
        self._held[raw.delivery_tag] = None
        self.arrived.append(delivered(raw, self._queue, Handle(self, raw.delivery_tag)))

    def _let_go(self, handles: Sequence[Handle]) -> list[int]:
        """The tags that are still ours to answer: of this connection, and not answered before."""
        mine = dict.fromkeys(one.tag for one in handles if one.session is self)
        tags = [tag for tag in mine if tag in self._held]
        for tag in tags:
            del self._held[tag]
        return tags

    def _on_cancel(self, _tag: str) -> None:
        self._cancelled = True

    def _has_bytes(self) -> bool:
        decrypted = getattr(self._connection.sock, "pending", None)  # under TLS only
        return bool(self._line.poll(0)) or bool(decrypted and decrypted())


def unavailable(error: Exception, name: str) -> BrokerUnavailable | TopologyMissing:
    """What went wrong with the queue or exchange ``name``, in our words and the broker's."""
    said = getattr(error, "reply_text", None) or str(error) or repr(error)
    if isinstance(error, NotFound) and "down or inaccessible" not in said:
        return TopologyMissing(f"The broker has no {name}: {said}.")
    if isinstance(error, AccessRefused):
        return TopologyMissing(f"The broker does not let us use {name}: {said}.")
    return BrokerUnavailable(f"The broker cannot be reached for {name}: {said}.")


def _watching(*sockets: socket.socket) -> select.poll:
    poll = select.poll()  # not select.select: it cannot watch descriptors above 1023
    for one in sockets:
        poll.register(one, select.POLLIN)
    return poll


def _opened(address: Address, turn: int) -> Any:
    try:
        return address.connect(turn)
    except (amqp.AMQPError, OSError) as error:
        raise unavailable(error, address.name) from error
