"""Provinces, cities and districts of China by their codes (GB/T 2260).

``divisions.csv`` holds code and name. The facts were taken from the table of the Python package
cpca 0.5.5 (state of 2020); its rows "市辖区" below a city, which are no places, were left out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

# Rows that only hold a province's districts together; a person does not write them on a parcel.
_GROUPS: Final = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """One row of the table. A leaf has nothing below it: that is where parcels go."""

    code: str
    name: str
    leaf: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A district with all that stands above it, as it is written on a parcel."""

    province: str
    city: str
    district: str


def below(code: str | None) -> tuple[Division, ...] | None:
    """What lies directly below; the provinces below nothing; None if there is no such code."""
    if code is not None and code not in _names():
        return None
    return tuple(
        Division(code=one, name=_names()[one], leaf=one not in _children())
        for one in _children().get(code, ())
    )


def place_of(code: str) -> Place | None:
    """The place a parcel with this code goes to; None if it is no district.

    A city without districts (Dongguan, Zhongshan) counts as its own.
    """
    names = _names()
    if code not in names or code in _children():
        return None
    province, city = names[code[:2] + "0000"], names.get(code[:4] + "00", "")
    if not city or city in _GROUPS:  # Shanghai is its own city; Xiantao lies in no other
        city = province if city in ("市辖区", "县") else names[code]
    return Place(province=province, city=city, district=names[code])


def _parent(code: str) -> str | None:
    if code.endswith("0000"):
        return None
    return code[:2] + "0000" if code.endswith("00") else code[:4] + "00"


@cache
def _names() -> dict[str, str]:
    text = files("account_service.domain").joinpath("divisions.csv").read_text(encoding="utf-8")
    rows = (line.split(",") for line in text.splitlines())
    return {code: name for code, name in rows}  # noqa: C416 - says that there are two columns


@cache
def _children() -> dict[str | None, list[str]]:
    found: defaultdict[str | None, list[str]] = defaultdict(list)
    for code in _names():
        found[_parent(code)].append(code)
    return dict(found)
