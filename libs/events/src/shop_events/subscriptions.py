"""What a service does when something happened elsewhere, and when one of its deadlines is due.

    subscriptions = Subscriptions("order")

    @subscriptions.on(PaymentConfirmed, publishes=(OrderConfirmed, OrderPaymentUnexpected))
    def confirm_when_paid(event: PaymentConfirmed, tx: Tx) -> None:
        take_payment(tx, event.order_id, event.payment_id, event.amount)

A decorated function stays an ordinary function. The declarations are the source of the topology,
of the event catalogue and of the flow diagrams.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from shop_events.contract import Contract, Event, contract_of
from shop_events.topology import Topology, subscriber
from shop_events.tx import Tx
from shop_events.wire import UPCASTERS, Upcasters

E = TypeVar("E", bound=Event)
Handler = Callable[[E, Tx], None]
WhenDue = Callable[[str, Tx], None]


class WrongHandler(TypeError):
    """A handler's signature does not fit what it is registered for; found when it is imported."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One handler and the event it waits for."""

    contract: Contract
    handler: Callable[[Any, Tx], None]
    publishes: frozenset[type[Event]]


@dataclass(frozen=True, slots=True)
class Deadline:
    """One handler and the kind of deadline it waits for."""

    kind: str
    handler: WhenDue
    publishes: frozenset[type[Event]]


class Subscriptions:
    """The table of what ``service`` listens to: one handler per event name."""

    def __init__(self, service: str, *, upcasters: Upcasters = UPCASTERS) -> None:
        self.service = service
        self.upcasters = upcasters
        self._by_name: dict[str, Subscription] = {}
        self._deadlines: dict[str, Deadline] = {}

    def on(
        self, wanted: type[E], *, publishes: Iterable[type[Event]] = ()
    ) -> Callable[[Handler[E]], Handler[E]]:
        """Call the decorated function once for each ``wanted``, in a transaction of its own.

        Raises:
            WrongHandler: its first parameter is not annotated with ``wanted``, or the event has
                a handler already.
        """
        contract = contract_of(wanted)

        def register(handler: Handler[E]) -> Handler[E]:
            _must_take(handler, wanted)
            if contract.name in self._by_name:
                raise WrongHandler(f"{self.service} has two handlers for {contract.name}.")
            self._by_name[contract.name] = Subscription(contract, handler, frozenset(publishes))
            return handler

        return register

    def at(
        self, kind: str, *, publishes: Iterable[type[Event]] = ()
    ) -> Callable[[WhenDue], WhenDue]:
        """Call the decorated function when a deadline of ``kind`` is due (`Tx.schedule`).

        Raises:
            WrongHandler: the kind has a handler already.
        """

        def register(handler: WhenDue) -> WhenDue:
            if kind in self._deadlines:
                raise WrongHandler(f"{self.service} has two handlers for the deadline {kind}.")
            self._deadlines[kind] = Deadline(kind, handler, frozenset(publishes))
            return handler

        return register

    def find(self, name: str) -> Subscription | None:
        """The subscription to events of this name."""
        return self._by_name.get(name)

    def deadline(self, kind: str) -> Deadline | None:
        """The handler for deadlines of this kind."""
        return self._deadlines.get(kind)

    def all(self) -> list[Subscription]:
        """Every subscription, by routing key."""
        return sorted(self._by_name.values(), key=lambda known: known.contract.routing_key)

    def all_deadlines(self) -> list[Deadline]:
        """Every kind of deadline, by name."""
        return sorted(self._deadlines.values(), key=lambda known: known.kind)

    def topology(self) -> Topology:
        """The queues and bindings these subscriptions need."""
        contracts = [known.contract for known in self.all()]
        return subscriber(self.service, contracts, upcasters=self.upcasters)


def _must_take(handler: Callable[..., None], wanted: type[Event]) -> None:
    first = next(iter(inspect.signature(handler).parameters), None)
    hints = typing.get_type_hints(handler)
    if first is None or hints.get(first) is not wanted:
        name = getattr(handler, "__qualname__", repr(handler))
        raise WrongHandler(f"The first parameter of {name} must be a {wanted.__name__}.")
