"""Events to bytes and back: JSON, tolerant of unknown fields, strict about known ones.

A reader accepts any older version through upcasters and ignores fields it does not know. A newer
version than it knows, or a value it cannot read, is parked and never dropped (EVENTS.md row 20).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec

from shop_events.contract import Event, contract_of
from shop_events.values import Money

LARGEST_EVENT_BYTES: Final = 256 * 1024
# Up to the last quote, because what stood there may hold some itself.
_QUOTED: Final = re.compile(r"'.*'|\".*\"", re.DOTALL)

E = TypeVar("E", bound=Event)
T = TypeVar("T")
Upcast = Callable[[dict[str, Any]], dict[str, Any]]
_readers: Final[dict[Any, msgspec.json.Decoder[Any]]] = {}
_learning: Final = threading.Lock()


class Unreadable(ValueError):
    """The bytes are no event of the contract, whatever version; reading again will not help."""


class UnknownVersion(Unreadable):
    """A newer version than this subscriber knows; readable after an upgrade."""


class TooLarge(ValueError):
    """The event is larger than ``LARGEST_EVENT_BYTES``; publish a reference instead."""


class Upcasters:
    """Pure functions that carry old payloads forward, one version at a time."""

    def __init__(self) -> None:
        self._steps: dict[tuple[str, int], Upcast] = {}

    def step(self, name: str, *, from_version: int) -> Callable[[Upcast], Upcast]:
        """Register how ``name`` of ``from_version`` becomes the next version.

        Raises:
            ValueError: that step is registered already.
        """

        def register(function: Upcast) -> Upcast:
            if (name, from_version) in self._steps:
                raise ValueError(f"Two upcasters lead from {name} version {from_version}.")
            self._steps[name, from_version] = function
            return function

        return register

    def oldest_readable(self, name: str, version: int) -> int:
        """The oldest version that still leads to ``version``."""
        while (name, version - 1) in self._steps:
            version -= 1
        return version

    def carry(self, data: dict[str, Any], name: str, *, version: int, to: int) -> dict[str, Any]:
        """``data`` of ``version`` in the form of version ``to``.

        Raises:
            UnknownVersion: there is no road from one to the other.
            Unreadable: the data is not of its version, so that a step stumbled over it.
        """
        while version != to:
            step = self._steps.get((name, version))
            if step is None or version > to:
                raise UnknownVersion(f"{name} version {version} cannot be read as version {to}.")
            try:
                data, version = step(data), version + 1
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                cause = (
                    f"Not a readable {name}.v{version}: its upcaster met {type(error).__name__}."
                )
                raise Unreadable(cause) from error
        return data


UPCASTERS = Upcasters()


def encode(happened: Event) -> bytes:
    """The event as JSON.

    Raises:
        TooLarge: it is larger than 256 KiB.
    """
    body = msgspec.json.encode(happened, enc_hook=_to_json)
    if len(body) > LARGEST_EVENT_BYTES:
        name = contract_of(happened).name
        raise TooLarge(f"An event {name} of {len(body)} bytes is larger than 256 KiB.")
    return body


def decode(wanted: type[E], version: int, body: bytes, *, upcasters: Upcasters = UPCASTERS) -> E:
    """Read ``body``, written in ``version``, as an event of class ``wanted``.

    Raises:
        UnknownVersion: ``version`` is newer, or too old for the upcasters.
        Unreadable: the bytes are not JSON of that contract.
    """
    contract = contract_of(wanted)
    if len(body) > LARGEST_EVENT_BYTES:
        raise Unreadable(f"A body of {len(body)} bytes is larger than an event may be.")
    try:
        if version == contract.version:
            return _reader(wanted).decode(body)
        old = msgspec.json.decode(body, type=dict[str, Any])
        new = upcasters.carry(old, contract.name, version=version, to=contract.version)
        return from_plain(wanted, new)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        why = _without_values(str(error))
        raise Unreadable(f"Not a readable {contract.routing_key}: {why}") from error


def _without_values(complaint: str) -> str:
    """Where and what was expected, but not what stood there: it may be somebody's name."""
    return _QUOTED.sub("'…'", complaint)


def to_plain(value: Any) -> Any:
    """An event or value as the dicts, lists and texts it has on the wire."""
    return msgspec.to_builtins(value, enc_hook=_to_json)


def from_plain(wanted: type[T], plain: Any) -> T:
    """A value of class ``wanted`` from what `to_plain` made of it.

    Raises:
        msgspec.ValidationError: it is of another form.
    """
    _reader(wanted)
    return msgspec.convert(plain, wanted, dec_hook=_from_json)


def _reader(wanted: type[T]) -> msgspec.json.Decoder[T]:
    """What reads JSON as ``wanted``; one thread at a time may have a new one made.

    msgspec (0.22) notes a class as known before it knows the classes in it. A thread that reads
    such a class meanwhile ends the process (segmentation fault, seen).
    """
    known = _readers.get(wanted)
    if known is None:
        with _learning:
            known = _readers.setdefault(wanted, msgspec.json.Decoder(wanted, dec_hook=_from_json))
    return known


def _to_json(value: Any) -> Any:
    if isinstance(value, Money):
        return {"amount": value.amount, "currency": value.currency}
    raise NotImplementedError(f"{type(value).__name__} has no form on the wire.")


def _from_json(wanted: type[Any], value: Any) -> Any:
    if wanted is Money:
        match value:
            case {"amount": str(amount), "currency": str(currency)}:
                return Money.of(amount, currency)
        raise ValueError("expected an amount in a string and a currency")
    raise NotImplementedError(f"{wanted.__name__} cannot be read from the wire.")
