"""What a carrier does for us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class CarrierUnavailable(Exception):
    """No answer: a waybill may have been drawn or not. Asking again for the same parcel is safe."""


class Carrier(Protocol):
    """A company that fetches parcels and brings them to people."""

    def book(self, parcel_id: str) -> str:
        """A waybill for the parcel. The same parcel has the same waybill, however often asked.

        Never called inside a database transaction (DOMAIN.md P4).

        Raises:
            CarrierUnavailable: no answer.
        """


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A carrier we work with: how to reach it, and the secrets its pushes are signed with.

    Several secrets are good at once while one is being replaced by another.
    """

    carrier: Carrier
    secrets: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True)
class Carriers:
    """The carriers we work with, by name."""

    contracts: Mapping[str, Contract]
