"""Merchants: who sells here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MerchantStatus(StrEnum):
    """Whether a merchant may sell."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """A merchant; ``version`` counts its changes, so that others keep the newest."""

    id: str
    name: str
    status: MerchantStatus
    version: int
