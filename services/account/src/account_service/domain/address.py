"""The address book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

AT_MOST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where parcels of an account may go. One of an account's addresses is the default."""

    id: str
    account_id: str
    recipient: str
    phone: str  # E.164
    country: str
    division_code: str
    line1: str
    postal_code: str | None
    is_default: bool
