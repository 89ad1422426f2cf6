"""What a carrier does for us, and how it speaks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from logistics_service.domain.trace import Trace
from logistics_service.outside.codes import Codes, Form


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

    def track(self, waybill: str) -> Sequence[Trace]:
        """All it ever saw of the parcel, in our words; nothing where it knows nothing.

        Never called inside a database transaction (DOMAIN.md P4).

        Raises:
            CarrierUnavailable: no answer.
        """


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How a carrier's waybills look, and in what form and code it pushes.

    ``prefix`` is what its own waybills begin with; ``waybills`` is what people may type.
    """

    form: Form
    codes: Codes
    prefix: str
    waybills: re.Pattern[str]

    def drew(self, waybill: str) -> bool:
        """Whether the waybill is one of its own, by its prefix."""
        return bool(re.fullmatch(rf"{self.prefix}\d{{10}}", waybill))


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A carrier we work with: how to reach it, and the secrets its pushes are signed with.

    Several secrets are good at once while one is being replaced by another.
    """

    carrier: Carrier
    secrets: tuple[bytes, ...]
    profile: Profile


@dataclass(frozen=True, kw_only=True)
class Carriers:
    """The carriers we work with, by name."""

    contracts: Mapping[str, Contract]

    def guess(self, waybill: str) -> str | None:
        """Whose waybill it is, by its prefix; None where no carrier has it, or several."""
        found = [name for name, one in self.contracts.items() if one.profile.drew(waybill)]
        return found[0] if len(found) == 1 else None
