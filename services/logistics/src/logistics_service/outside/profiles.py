"""The carriers whose ways we know by name; any other one speaks plainly, in our own words."""

from __future__ import annotations

import re
from typing import Final

from logistics_service.outside import codes
from logistics_service.outside.carrier import Profile
from logistics_service.outside.codes import Form

_PLAIN: Final = Profile(
    form=Form.PLAIN,
    codes=codes.PLAIN,
    prefix="PT",
    waybills=re.compile(r"[A-Za-z0-9-]{1,64}"),
)

_KNOWN: Final = {
    "shunda": Profile(
        form=Form.LIST, codes=codes.NUMBERS, prefix="SD", waybills=re.compile(r"SD\d{10}")
    ),
    "yunlu": Profile(
        form=Form.SHORT, codes=codes.LETTERS, prefix="YL", waybills=re.compile(r"YL\d{10,12}")
    ),
}


def profile_of(carrier: str) -> Profile:
    """How this carrier speaks."""
    return _KNOWN.get(carrier, _PLAIN)
