"""The number of an order that people read out."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

# Crockford's base 32: no I, L, O and U, which are misread or make words.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 10  # 50 bits: a million orders a day meet once in about five years


def new_number(placed_at: datetime) -> str:
    """The day, and ten random characters that say nothing of how many orders there are."""
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return f"{placed_at:%y%m%d}{random}"
