"""What an event is: a frozen typed class with a wire name and a version.

    @event("order.placed", version=1, by="order", key="order_id")
    class OrderPlaced(Event):
        '''A shopper confirmed a cart. Nothing is reserved or charged yet.'''

        order_id: str
        total: Money

Only the standard library is imported here.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, TypeVar, dataclass_transform

_NAME = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")


class Kind(StrEnum):
    """What a subscriber may conclude from one event of this contract."""

    FACT = "fact"  # something happened once
    STATE = "state"  # the whole present state of a small thing; a copy replaces and ignores older
    PRIVATE = "private"  # a fact that names a person or carries a code: never in the log


class Event:
    """The base of every contract class; it carries nothing but its contract."""

    __slots__ = ()
    __contract__: ClassVar[Contract]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The promise behind an event class.

    ``key`` names the field with the id of the aggregate the event is about; the outbox numbers
    the events of one aggregate without gaps. ``listeners`` is set for private contracts alone:
    only these services may bind them.
    """

    name: str
    version: int
    by: str
    key: str
    kind: Kind
    listeners: frozenset[str]
    type: type[Event]

    @property
    def aggregate(self) -> str:
        """The kind of thing it is about: ``order`` of ``order.placed``."""
        return self.name.partition(".")[0]

    @property
    def routing_key(self) -> str:
        """What a queue binds: ``order.placed.v1``."""
        return f"{self.name}.v{self.version}"

    @property
    def private(self) -> bool:
        """Whether it travels on the private exchange only."""
        return self.kind is Kind.PRIVATE


class Contracts:
    """The contracts known to this process, by name and version."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], Contract] = {}

    def add(self, contract: Contract) -> None:
        """Make a contract known.

        Raises:
            ValueError: the name and version are taken, or the name is not ``<aggregate>.<fact>``.
        """
        if not _NAME.fullmatch(contract.name) or contract.version < 1:
            raise ValueError(f"{contract.routing_key} is not an <aggregate>.<fact> and a version.")
        if (contract.name, contract.version) in self._known:
            raise ValueError(f"There are two contracts {contract.routing_key}.")
        self._known[contract.name, contract.version] = contract

    def find(self, name: str, version: int) -> Contract | None:
        """The contract of this name and version, if this process knows it."""
        return self._known.get((name, version))

    def all(self) -> list[Contract]:
        """Every known contract, by routing key."""
        return sorted(self._known.values(), key=lambda contract: contract.routing_key)


CONTRACTS = Contracts()

C = TypeVar("C", bound=Event)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(
    name: str,
    *,
    version: int,
    by: str,
    key: str,
    kind: Kind = Kind.FACT,
    listeners: Iterable[str] = (),
    known: Contracts = CONTRACTS,
) -> Callable[[type[C]], type[C]]:
    """Make a class the contract ``name`` in ``version``, published by service ``by``.

    Its instances refuse instants without a time zone (ValueError).

    Raises:
        ValueError: the name and version are taken; ``key`` is no field; a private contract
            without listeners, or a public one with them.
    """

    def make(written: type[C]) -> type[C]:
        _refuse_naive_instants(written)
        made = dataclass(frozen=True, kw_only=True, slots=True)(written)
        fields: dict[str, Any] = made.__dataclass_fields__  # type: ignore[attr-defined]
        if key not in fields:
            raise ValueError(f"{written.__name__} has no field {key!r} to be its aggregate id.")
        allowed = frozenset(listeners)
        if (kind is Kind.PRIVATE) is not bool(allowed):
            raise ValueError(f"{name} names listeners if and only if it is private.")
        made.__contract__ = Contract(
            name=name, version=version, by=by, key=key, kind=kind, listeners=allowed, type=made
        )
        known.add(made.__contract__)
        return made

    return make


def _refuse_naive_instants(written: type[Event]) -> None:
    """Have instances refuse an instant without a zone, when made and when read from the wire."""
    hints = inspect.get_annotations(written)
    instants = [name for name, hint in hints.items() if "datetime" in str(hint)]

    def check(self: Event) -> None:
        for name in instants:
            at = getattr(self, name)
            if at is not None and at.tzinfo is None:
                raise ValueError(f"{name} of {written.__name__} has no time zone: {at}.")

    if instants:
        written.__post_init__ = check  # type: ignore[attr-defined]


def contract_of(what: Event | type[Event]) -> Contract:
    """The contract of an event or of its class.

    Raises:
        TypeError: the class was not made with ``@event``.
    """
    contract = getattr(what, "__contract__", None)
    if contract is None:
        raise TypeError(f"{what!r} is not an event: its class lacks @event(...).")
    return contract  # type: ignore[no-any-return]


def aggregate_id(happened: Event) -> str:
    """The id of the thing ``happened`` is about."""
    return str(getattr(happened, contract_of(happened).key))
