"""What every contract has promised, and whether it still keeps it.

The rule is Confluent's FULL_TRANSITIVE, a little stricter (EVENTS.md row 22): readers of today read
every message ever sent, and readers of any time read the messages of today. So a field may only be
added, with a default. Anything else is a new version beside the old one, with an upcaster.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from shop_events.contract import Contract
from shop_events.values import Money
from shop_events.wire import UPCASTERS, Upcasters, to_plain

Promise = Mapping[str, Any]

_WORDS: Final[Mapping[object, str]] = {
    str: "text",
    int: "whole number",
    bool: "yes or no",
    datetime: "instant",
    Money: "money",
}


@dataclass(frozen=True, slots=True)
class Differences:
    """``breaks`` may not be, ``news`` are to be written down; a sentence each."""

    breaks: tuple[str, ...]
    news: tuple[str, ...]


def promise_of(contract: Contract) -> Promise:
    """A contract as plain data: who says it, and each field by its path (``lines[].quantity``)."""
    return {
        "by": contract.by,
        "kind": str(contract.kind),
        "key": contract.key,
        "listeners": sorted(contract.listeners),
        "fields": dict(_fields(contract.type, "")),
    }


def differences(
    before: Mapping[str, Promise],
    now: Mapping[str, Promise],
    *,
    upcasters: Upcasters = UPCASTERS,
) -> Differences:
    """What changed between two sets of contracts, each by routing key."""
    breaks: list[str] = []
    news = [f"{key} is new." for key in now if key not in before]
    for key, old in before.items():
        if key in now:
            breaks += [f"{key}: {sentence}" for sentence in _breaks(old, now[key])]
            news += [f"{key}: {sentence}" for sentence in _news(old, now[key])]
        elif not _is_carried_forward(key, now, upcasters):
            breaks.append(f"{key} is gone, and no upcaster leads from it to a version that is not.")
    return Differences(tuple(breaks), tuple(news))


def merged(before: Mapping[str, Promise], now: Mapping[str, Promise]) -> dict[str, Promise]:
    """What is promised from now on: nothing ever promised is forgotten."""
    return dict(sorted({**before, **now}.items()))


def _fields(of: type[Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    hints = typing.get_type_hints(of)
    for one in fields(of):
        yield from _field(path + one.name, hints[one.name], _default(one))


def _field(path: str, hint: Any, default: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    word, inner, suffix = _word(hint)
    yield path, {"type": word, **default}
    if inner is not None:
        yield from _fields(inner, f"{path}{suffix}.")


def _word(hint: Any) -> tuple[str, type[Any] | None, str]:
    """The type in words, the class of the objects inside it, and how a path leads to them."""
    if isinstance(hint, types.UnionType):
        (wanted,) = [arm for arm in hint.__args__ if arm is not types.NoneType]
        word, inner, suffix = _word(wanted)
        return f"{word} or null", inner, suffix
    if typing.get_origin(hint) is tuple:
        word, inner, suffix = _word(typing.get_args(hint)[0])
        return f"list of {word}", inner, f"[]{suffix}"
    if hint in _WORDS:
        return _WORDS[hint], None, ""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return f"one of {', '.join(hint)}", None, ""
    if is_dataclass(hint):
        return "object", typing.cast("type[Any]", hint), ""
    raise TypeError(f"Events have no field of type {hint!r}; see shop_events.golden.promises.")


def _default(one: Field[Any]) -> dict[str, Any]:
    if one.default is not MISSING:
        return {"default": to_plain(one.default)}
    if one.default_factory is not MISSING:
        return {"default": to_plain(one.default_factory())}
    return {}


def _breaks(old: Promise, new: Promise) -> Iterator[str]:
    for word in ("by", "kind", "key"):
        if old[word] != new[word]:
            yield f"'{word}' was {old[word]} and is {new[word]} now."
    for service in sorted(set(old["listeners"]) - set(new["listeners"])):
        yield f"{service} may no longer listen."
    for path, was in old["fields"].items():
        if path not in new["fields"]:
            yield f"the field {path} is gone."
        else:
            yield from _field_breaks(path, was, new["fields"][path])
    for path, now in new["fields"].items():
        if path not in old["fields"] and _must_be_there(path, now, old):
            yield f"the new field {path} has no default: old messages do not have it."


def _field_breaks(path: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if was["type"] != now["type"]:
        yield f"{path} was {was['type']} and is {now['type']} now."
    if "default" in was and "default" not in now:
        yield f"{path} could be left out and is required now."
    elif "default" in was and was["default"] != now["default"]:
        yield f"{path} left out meant {was['default']!r} and means {now['default']!r} now."


def _must_be_there(path: str, now: Mapping[str, Any], old: Promise) -> bool:
    """Whether messages of old lack it: not so inside an object that is itself new."""
    around = path.rpartition(".")[0].removesuffix("[]")
    return "default" not in now and (not around or around in old["fields"])


def _news(old: Promise, new: Promise) -> Iterator[str]:
    for service in sorted(set(new["listeners"]) - set(old["listeners"])):
        yield f"{service} may listen too."
    for path, now in new["fields"].items():
        if path not in old["fields"]:
            yield f"the field {path} ({now['type']}) is new."
        elif "default" in now and "default" not in old["fields"][path]:
            yield f"{path} may be left out now."


def _is_carried_forward(key: str, now: Mapping[str, Promise], upcasters: Upcasters) -> bool:
    name, _, version = key.rpartition(".v")
    newer = [int(k.rpartition(".v")[2]) for k in now if k.rpartition(".v")[0] == name]
    return any(upcasters.oldest_readable(name, one) <= int(version) < one for one in newer)
