"""Card numbers have no place here: tokens only (SECURITY.md 8)."""

from __future__ import annotations

import re
from typing import Final

_SEPARATORS: Final = re.compile(r"[\s.\-_]")
_DIGITS: Final = re.compile(r"(?<!\d)\d{12,19}(?!\d)")


def looks_like_card_number(text: str) -> bool:
    """Whether 12 to 19 digits with a valid check digit (ISO/IEC 7812-1, Luhn) are in ``text``."""
    return any(has_check_digit(found) for found in _DIGITS.findall(_SEPARATORS.sub("", text)))


def has_check_digit(digits: str) -> bool:
    """Whether the last digit is what the others make it (Luhn): most slips of a finger are seen."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
