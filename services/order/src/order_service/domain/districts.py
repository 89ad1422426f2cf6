"""The districts that there are, by their codes (GB/T 2260): where parcels go.

``districts.txt`` has a line for each city: its four digits, then the last two of each district. It
is a copy of the leaves of account's table, and a test of the suite holds the two equal (ADR 12).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

DIGITS: Final = 6


def is_district(code: str) -> bool:
    """Whether a parcel can go there. What follows a district's six digits is not looked at."""
    return code[:DIGITS] in districts()


@cache
def districts() -> frozenset[str]:
    """All of them, 2,858 codes; read once."""
    text = files("order_service.domain").joinpath("districts.txt").read_text(encoding="ascii")
    rows = (line.split() for line in text.splitlines())
    return frozenset(city + district for city, *districts in rows for district in districts)
