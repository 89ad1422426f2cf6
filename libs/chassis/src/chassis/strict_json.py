"""Reading JSON from outside: UTF-8, each key once, not too deep, nothing that no store takes."""

from __future__ import annotations

import json
import math
from typing import Any, Final, NoReturn

LARGEST_BODY_BYTES: Final = 1_000_000
DEEPEST: Final = 32


class BadJson(ValueError):
    """The bytes are not JSON we read; the message says why without repeating them."""


def read(data: bytes) -> Any:
    """The value written in ``data``.

    Raises:
        BadJson: not UTF-8, not JSON, a key twice, deeper than 32 levels, a number that is none,
            or a NUL or half a surrogate pair in a text (PostgreSQL and UTF-8 have no place for
            them, and both would fail later and worse).
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_each_key_once,
            parse_constant=_no_number,
            parse_float=_finite,
        )
    except BadJson:
        raise
    except UnicodeDecodeError as error:
        raise BadJson("The body is not UTF-8.") from error
    except RecursionError as error:
        raise BadJson(f"The body is nested deeper than {DEEPEST} levels.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadJson(f"The body is not JSON: {error.msg} at {where}.") from error
    except ValueError as error:  # an integer of thousands of digits
        raise BadJson("The body holds a number that is too long.") from error
    _look_through(value)
    return value


def read_object(data: bytes) -> dict[str, Any]:
    """As `read`, and the value is an object.

    Raises:
        BadJson: it is something else.
    """
    value = read(data)
    if not isinstance(value, dict):
        raise BadJson("Expected a JSON object.")
    return value


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson("A key stands twice in one object.")
    for key in found:
        _storable(key)
    return found


def _no_number(_name: str) -> NoReturn:
    raise BadJson("NaN and Infinity are not JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise BadJson("The body holds a number that is too large.")
    return number


def _look_through(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        if not level:
            return
        below: list[Any] = []
        for one in level:
            if isinstance(one, str):
                _storable(one)
            elif isinstance(one, dict):
                below += one.values()
            elif isinstance(one, list):
                below += one
        level = below
    if level:
        raise BadJson(f"The body is nested deeper than {DEEPEST} levels.")


def _storable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadJson("A text holds half a surrogate pair.") from error
    if "\x00" in text:
        raise BadJson("A text holds a NUL character.")
