"""The exchanges, queues and bindings of a local broker, and which queues a message goes to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from shop_events.broker import TopologyMissing
from shop_events.local.file import LocalFile
from shop_events.topology import Binding, Exchange, ExchangeType, Queue, QueueKind, Topology

# Routing keys come from contracts, a few hundred; forgetting at this size bounds the memory.
_ROUTES_REMEMBERED: Final = 10_000

Thing = Exchange | Queue


class Declared:
    """What was applied, as the file has it. Every method expects its caller to have the turn."""

    def __init__(self, file: LocalFile) -> None:
        self._file = file
        self._load()

    def apply(self, topology: Topology) -> None:
        """Make everything in ``topology`` exist, or nothing.

        Raises:
            TopologyMissing: something exists otherwise, or a binding leads from or to nothing.
        """
        refusals = [*self._differing(topology), *self._loose(topology)]
        if refusals:
            raise TopologyMissing(" ".join(refusals))
        with self._file.change(durable=True):
            self._write(topology)
        self._load()

    def diff(self, topology: Topology) -> list[str]:
        """What ``topology`` asks for and is missing or otherwise, a sentence each."""
        return [
            *(f"{_named(one)} is missing." for one in _things(topology) if self._like(one) is None),
            *(
                f"The binding of {b.queue} to {b.exchange} by {b.key or 'any key'} is missing."
                for b in sorted(topology.bindings - self._bindings, key=str)
            ),
            *self._differing(topology),
        ]

    def queue(self, name: str) -> Queue:
        """The queue of this name.

        Raises:
            TopologyMissing: there is none.
        """
        if name not in self._queues:
            raise TopologyMissing(f"The queue {name} does not exist; apply the topology.")
        return self._queues[name]

    def queues(self) -> list[Queue]:
        """Every queue."""
        return list(self._queues.values())

    def route(self, exchange: str, key: str) -> tuple[Queue, ...]:
        """The queues a message goes to; none when no binding takes it.

        Raises:
            TopologyMissing: there is no such exchange.
        """
        found = self._routes.get((exchange, key))
        if found is None:
            if len(self._routes) >= _ROUTES_REMEMBERED:
                self._routes.clear()
            found = self._routes[exchange, key] = self._find(exchange, key)
        return found

    def _find(self, exchange: str, key: str) -> tuple[Queue, ...]:
        if exchange == "":  # as AMQP's default exchange: the queue of this name
            return (self._queues[key],) if key in self._queues else ()
        known = self._exchanges.get(exchange)
        if known is None:
            raise TopologyMissing(f"The exchange {exchange} does not exist; apply the topology.")
        names = {
            binding.queue
            for binding in self._bindings
            if binding.exchange == exchange and _takes(known.type, binding.key, key)
        }
        return tuple(self._queues[name] for name in sorted(names))

    def _differing(self, topology: Topology) -> list[str]:
        return [
            f"{_named(there)} is {_arguments(there)}, not {_arguments(wanted)}."
            for wanted in _things(topology)
            if (there := self._like(wanted)) is not None and there != wanted
        ]

    def _like(self, wanted: Thing) -> Thing | None:
        if isinstance(wanted, Exchange):
            return self._exchanges.get(wanted.name)
        return self._queues.get(wanted.name)

    def _loose(self, topology: Topology) -> list[str]:
        exchanges = self._exchanges.keys() | {exchange.name for exchange in topology.exchanges}
        queues = self._queues.keys() | {queue.name for queue in topology.queues}
        return [
            f"A binding leads from {b.exchange} to {b.queue}, and one of them does not exist."
            for b in topology.bindings
            if b.exchange not in exchanges or b.queue not in queues
        ]

    def _write(self, topology: Topology) -> None:
        self._file.run_each(
            "INSERT OR IGNORE INTO exchange VALUES (?, ?)",
            [(exchange.name, exchange.type.value) for exchange in topology.exchanges],
        )
        self._file.run_each(
            "INSERT OR IGNORE INTO queue VALUES (?, ?, ?, ?)",
            [(one.name, one.kind.value, _micros(one.ttl), one.home) for one in topology.queues],
        )
        self._file.run_each(
            "INSERT OR IGNORE INTO binding VALUES (?, ?, ?)",
            [(binding.exchange, binding.key, binding.queue) for binding in topology.bindings],
        )

    def _load(self) -> None:
        self._exchanges = {
            name: Exchange(name, ExchangeType(type_))
            for name, type_ in self._file.run("SELECT name, type FROM exchange")
        }
        self._queues = {
            name: Queue(name, QueueKind(kind), _span(ttl), home)
            for name, kind, ttl, home in self._file.run("SELECT name, kind, ttl, home FROM queue")
        }
        rows = self._file.run("SELECT exchange, key, queue FROM binding")
        self._bindings = frozenset(Binding(*row) for row in rows)
        self._routes: dict[tuple[str, str], tuple[Queue, ...]] = {}


def _takes(type_: ExchangeType, pattern: str, key: str) -> bool:
    match type_:
        case ExchangeType.FANOUT:
            return True
        case ExchangeType.DIRECT:
            return pattern == key
        case ExchangeType.TOPIC:
            return _matches(_words(pattern), _words(key))


def _words(key: str) -> list[str]:
    return key.split(".") if key else []


def _matches(pattern: Sequence[str], words: Sequence[str]) -> bool:
    """``*`` is one word and ``#`` is any number of words (AMQP 0-9-1, 3.1.3.3)."""
    if not pattern:
        return not words
    head, rest = pattern[0], pattern[1:]
    if head == "#":
        return any(_matches(rest, words[skipped:]) for skipped in range(len(words) + 1))
    return bool(words) and head in ("*", words[0]) and _matches(rest, words[1:])


def _things(topology: Topology) -> list[Thing]:
    return sorted(topology.exchanges | topology.queues, key=lambda thing: thing.name)


def _named(thing: Thing) -> str:
    return f"{type(thing).__name__} {thing.name}"


def _arguments(thing: Thing) -> str:
    if isinstance(thing, Exchange):
        return f"of type {thing.type}"
    keeps = f" with {thing.ttl.total_seconds():g} s to live" if thing.ttl else ""
    return f"of kind {thing.kind}{keeps}"


def _span(micros: int | None) -> timedelta | None:
    return None if micros is None else timedelta(microseconds=micros)


def _micros(span: timedelta | None) -> int | None:
    return None if span is None else span // timedelta(microseconds=1)
