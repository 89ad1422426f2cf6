"""Values to JSON, in the forms of API.md."""

from __future__ import annotations

from typing import Any, Final

import orjson

from shop_events.values import Money

_OPTIONS: Final = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def write(value: Any) -> bytes:
    """``value`` as JSON: money as an object, instants in UTC with a Z.

    Raises:
        TypeError: something in it has no agreed form (a Decimal, a set, a naive instant's zone).
    """
    return orjson.dumps(value, default=_default, option=_OPTIONS)


def canonical(value: Any) -> bytes:
    """The same JSON for the same value, however its keys were ordered."""
    return orjson.dumps(value, default=_default, option=_OPTIONS | orjson.OPT_SORT_KEYS)


def _default(value: Any) -> Any:
    if isinstance(value, Money):
        return {"amount": value.amount, "currency": value.currency}
    raise TypeError(f"{type(value).__name__} has no form in JSON.")
