"""RabbitMQ as a `Broker`, from 3.10 to 4.3, with nothing installed in it but itself.

    AmqpBroker ─┬─ AmqpTopology    amqp_topology    makes and compares exchanges and queues
                ├─ AmqpPublisher   amqp_publisher   whole batches, confirmed      (pika)
                │     └─ Line      amqp_line        one publishing connection, one thread
                ├─ AmqpIntake      amqp_intake      takes, retries, buries
                │     ├─ Hold      amqp_hold        the thread that owns a consuming connection
                │     │   └─ Session  amqp_session  one such connection           (kombu)
                │     └─ AmqpPublisher              for what is moved
                └─ read_log        amqp_stream      the log                       (kombu)

`amqp_address` knows where and how to connect, `amqp_wire` what a message looks like, `amqp_frames`
what to do with one that is malformed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from shop_events.amqp_address import HEARTBEAT_S, Address
from shop_events.amqp_intake import AmqpIntake
from shop_events.amqp_publisher import WINDOW, AmqpPublisher
from shop_events.amqp_stream import read_log
from shop_events.amqp_topology import AmqpTopology
from shop_events.broker import DeadLetter, Logged
from shop_events.topology import Topology

Made = TypeVar("Made", AmqpPublisher, AmqpIntake)


class AmqpBroker:
    """A RabbitMQ. Making one connects to nothing; each part connects when it is first used.

    It may be made before a fork: every process then has connections of its own.
    """

    def __init__(
        self, url: str, *, name: str = "jishi", heartbeat_s: int = HEARTBEAT_S, window: int = WINDOW
    ) -> None:
        """``name`` is what RabbitMQ shows; ``window``: how much may be unconfirmed at once."""
        self._address = Address(url, name, heartbeat_s)
        self._topology = AmqpTopology(self._address.called("asks"))
        self._window = window
        self._made: list[AmqpPublisher | AmqpIntake] = []

    def apply(self, topology: Topology) -> None:
        """Make everything in ``topology`` exist. What exists as wanted is left alone.

        Raises:
            TopologyMissing: something exists with other arguments; the message names it.
            BrokerUnavailable: the broker cannot be reached.
        """
        self._topology.apply(topology)

    def diff(self, topology: Topology) -> list[str]:
        """What ``topology`` asks for and the broker lacks or has otherwise, a sentence each.

        A binding missing between an exchange and a queue that both exist is not seen: AMQP has no
        question for it.
        """
        return self._topology.diff(topology)

    def publisher(self) -> AmqpPublisher:
        """A new publisher with a connection of its own."""
        return self._kept(AmqpPublisher(self._address.called("publishes"), window=self._window))

    def intake(self, queue: str, *, prefetch: int = 50) -> AmqpIntake:
        """A new hold on ``queue``, with at most ``prefetch`` deliveries not yet acknowledged."""
        return self._kept(AmqpIntake(self._address, queue, prefetch=prefetch))

    def depth(self, queue: str) -> int:
        """How many messages wait in ``queue`` (those under way not counted).

        Raises:
            TopologyMissing: there is no such queue.
        """
        return self._topology.depth(queue)

    def dead_letters(self, queue: str, *, at_most: int = 1_000) -> list[DeadLetter]:
        """What was given up in ``queue``, oldest first; it stays there."""
        return self._topology.dead_letters(queue, at_most=at_most)

    def read_log(self, *, after: int | datetime | None = None) -> Iterator[Logged]:
        """The log from its start, after an offset, or from an instant on, up to its end now."""
        return read_log(self._address.called("reads"), after)

    def close(self) -> None:
        """Close every publisher and intake that was made here."""
        for one in self._made:
            one.close()

    def _kept(self, made: Made) -> Made:
        self._made = [*(one for one in self._made if not one.closed), made]
        return made
