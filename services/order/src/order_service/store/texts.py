"""Small things kept as JSON text, because they are read whole or not at all."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from order_service.domain.units import Run, Units
from shop_events.wire import from_plain, to_plain

T = TypeVar("T")


def written(value: object) -> str:
    """A value of the domain as text."""
    return json.dumps(to_plain(value), ensure_ascii=False)


def read(wanted: type[T], text: str) -> T:
    """A value of the domain from its text."""
    return from_plain(wanted, json.loads(text))


def plain(text: str) -> Any:
    """The dicts, lists and words of a text."""
    return json.loads(text)


def from_units(units: Units) -> str:
    """Units as text; a run is its count and its first number."""
    runs = {line_id: [(run.count, run.first) for run in units[line_id]] for line_id in units}
    return json.dumps(runs, sort_keys=True)


def to_units(text: str) -> Units:
    """Units from their text."""
    told = json.loads(text)
    return {line_id: tuple(Run(*run) for run in told[line_id]) for line_id in told}
