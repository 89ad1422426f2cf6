"""A topology at RabbitMQ: made, compared, looked into.

AMQP can ask whether a thing exists (a passive declaration) and can ask for it with arguments; it
cannot show the arguments that are there. So a difference is what the broker answers to a second
declaration: 406, and nothing changed. It also cannot show bindings: `diff` takes them as there when
both their ends are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import amqp
from amqp.exceptions import NotFound, PreconditionFailed

from shop_events.amqp_address import Address
from shop_events.amqp_session import unavailable
from shop_events.amqp_wire import dead_letter
from shop_events.broker import DeadLetter, TopologyMissing
from shop_events.topology import (
    DEAD,
    DELIVERY_LIMIT,
    LARGEST_LOG_BYTES,
    LONGEST_QUEUE,
    Binding,
    Exchange,
    Queue,
    QueueKind,
    Topology,
    dead_queue,
)

# A quorum queue puts what is given back to its front only where it counts deliveries, else to its
# end (EVENTS.md pitfall 9); RabbitMQ 4 counts to 20 where nothing is said, and then drops.
# People may look at dead letters as often as they like, and find them in order.
NEVER: Final = 1_000_000_000

Named = Exchange | Queue
Thing = Named | Binding
Ask = Callable[[Any], object]


class AmqpTopology:
    """Asks over a connection of its own for each question."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def apply(self, topology: Topology) -> None:
        """Make everything exist. What exists as wanted is left alone.

        Raises:
            TopologyMissing: something exists with other arguments, or we may not make it.
        """
        with _Questions(self._address) as questions:
            refused = [questions.refusal(thing) for thing in _things(topology)]
        if sentences := [str(refusal) for refusal in refused if refusal]:
            raise TopologyMissing(" ".join(sentences))

    def diff(self, topology: Topology) -> list[str]:
        """What is missing or otherwise, a sentence each. Nothing is made."""
        with _Questions(self._address) as questions:
            named: list[Named] = [*_exchanges(topology), *_queues(topology)]
            missing = [thing for thing in named if not questions.finds(thing)]
            refused = [questions.refusal(thing) for thing in named if thing not in missing]
        gone = {thing.name for thing in missing}
        unbound = [one for one in _bindings(topology) if {one.exchange, one.queue} & gone]
        return [
            *(f"The {_called(thing)} is missing." for thing in [*missing, *unbound]),
            # A service without the right to configure cannot ask for more than existence.
            *(str(refusal) for refusal in refused if refusal and _is_other(refusal)),
        ]

    def depth(self, queue: str) -> int:
        """How many messages wait in ``queue``.

        Raises:
            TopologyMissing: there is no such queue.
        """
        with _Questions(self._address) as questions:
            return int(questions.ask(queue, lambda channel: _count(channel, queue)))

    def dead_letters(self, queue: str, *, at_most: int) -> list[DeadLetter]:
        """What was given up in ``queue``, oldest first; closing the connection puts it back."""
        dead = dead_queue(queue)
        found: list[DeadLetter] = []
        with _Questions(self._address) as questions:
            while len(found) < at_most:
                raw = questions.ask(dead, lambda channel: channel.basic_get(dead))
                if raw is None:
                    break
                found.append(dead_letter(raw, queue))
        return found


class _Questions:
    """Asks one thing after the other; after an error, over a new channel (the broker closes it)."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def __enter__(self) -> _Questions:
        with _told(self._address.name):
            self._connection = self._address.connect()
            self._channel = self._connection.channel()
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._connection.close()
        except (amqp.AMQPError, OSError):
            self._connection.collect()

    def ask(self, name: str, question: Ask) -> Any:
        """The broker's answer.

        Raises:
            TopologyMissing, BrokerUnavailable: what it said instead.
        """
        with _told(name):
            if not self._channel.is_open:
                self._channel = self._connection.channel()
            return question(self._channel)

    def finds(self, thing: Named) -> bool:
        """Whether something of that name exists."""
        try:
            self.ask(thing.name, lambda channel: _look_for(channel, thing))
        except TopologyMissing as missing:
            if isinstance(missing.__cause__, NotFound):
                return False
            raise
        return True

    def refusal(self, thing: Thing) -> TopologyMissing | None:
        """What the broker says if it does not make ``thing`` so; None where it is so now."""
        try:
            self.ask(_called(thing), lambda channel: _declare(channel, thing))
        except TopologyMissing as refused:
            return refused
        return None


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except PreconditionFailed as error:
        raise TopologyMissing(f"The {name} exists otherwise: {error.reply_text}.") from error
    except (amqp.AMQPError, OSError) as error:
        raise unavailable(error, name) from error


def _is_other(refusal: TopologyMissing) -> bool:
    return isinstance(refusal.__cause__, PreconditionFailed)


def _declare(channel: Any, thing: Thing) -> None:
    lasting = {"durable": True, "auto_delete": False}
    match thing:
        case Exchange():
            channel.exchange_declare(thing.name, str(thing.type), **lasting)
        case Queue():
            channel.queue_declare(thing.name, arguments=arguments(thing), **lasting)
        case Binding():
            channel.queue_bind(thing.queue, exchange=thing.exchange, routing_key=thing.key)


def _look_for(channel: Any, thing: Named) -> None:
    if isinstance(thing, Queue):
        _count(channel, thing.name)
    else:
        channel.exchange_declare(thing.name, str(thing.type), passive=True)


def _count(channel: Any, queue: str) -> int:
    return int(channel.queue_declare(queue, passive=True).message_count)


def arguments(queue: Queue) -> dict[str, object]:
    """What makes a queue of its kind, in RabbitMQ's words; all of them are known to 3.10."""
    match queue.kind:
        case QueueKind.WORK:
            return _quorum(queue) | _sends_on(DEAD, key=queue.name) | _counts_to(DELIVERY_LIMIT)
        case QueueKind.DELAY:
            # Through the exchange without a name, whose keys are queues' names.
            return _quorum(queue) | _sends_on("", key=queue.home)
        case QueueKind.DEAD:
            return _quorum(queue) | _counts_to(NEVER)
        case QueueKind.LOG:
            return _stream(queue)


def _quorum(queue: Queue) -> dict[str, object]:
    lives = {"x-message-ttl": _whole(queue.ttl, timedelta(milliseconds=1))} if queue.ttl else {}
    return {"x-queue-type": "quorum", **lives}


def _sends_on(exchange: str, *, key: str) -> dict[str, object]:
    """Dead letters that are not lost on the way; at-least-once asks for reject-publish (row 19)."""
    return {
        "x-dead-letter-exchange": exchange,
        "x-dead-letter-routing-key": key,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
        "x-max-length": LONGEST_QUEUE,
    }


def _counts_to(limit: int) -> dict[str, object]:
    return {"x-delivery-limit": limit}


def _stream(queue: Queue) -> dict[str, object]:
    keeps = {"x-max-age": f"{_whole(queue.ttl, timedelta(seconds=1))}s"} if queue.ttl else {}
    return {"x-queue-type": "stream", "x-max-length-bytes": LARGEST_LOG_BYTES, **keeps}


def _whole(span: timedelta, unit: timedelta) -> int:
    return max(1, span // unit)


def _things(topology: Topology) -> list[Thing]:
    return [*_exchanges(topology), *_queues(topology), *_bindings(topology)]


def _exchanges(topology: Topology) -> list[Exchange]:
    return sorted(topology.exchanges, key=lambda one: one.name)


def _queues(topology: Topology) -> list[Queue]:
    return sorted(topology.queues, key=lambda one: one.name)


def _bindings(topology: Topology) -> list[Binding]:
    return sorted(topology.bindings, key=lambda one: (one.exchange, one.key, one.queue))


def _called(thing: Thing) -> str:
    match thing:
        case Binding():
            return f"binding {thing.exchange} --{thing.key}--> {thing.queue}"
        case Exchange():
            return f"exchange {thing.name}"
        case Queue():
            return f"queue {thing.name}"
