"""The districts that goods can be sent to, by their codes (GB/T 2260).

``districts.txt``, a line for each city with the last digits of its districts, is a copy of the
leaves of account's table, as order has one; a test of the suite holds them equal (ADR 12).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

_DIGITS: Final = 6


def is_district(code: str) -> bool:
    """Whether the code is a district's, or one of a place within a district."""
    return code[:_DIGITS] in districts()


@cache
def districts() -> frozenset[str]:
    """All districts' codes; read once."""
    lines = files(__package__).joinpath("districts.txt").read_text("ascii").splitlines()
    cities = (line.split() for line in lines)
    return frozenset(city + one for city, *its in cities for one in its)
