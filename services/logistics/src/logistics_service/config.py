"""Logistics' settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from chassis.settings import ServiceSettings

_CARRIER = re.compile(r"([a-z][a-z0-9_]{0,31})=([^,=|]{16,}(?:\|[^,=|]{16,})*)")


@dataclass(frozen=True, kw_only=True, repr=False)
class CarrierSecrets:
    """The secrets that carriers sign their pushes with, by the carrier's name; never shown.

    Written as ``sf=<secret>,yto=<secret>|<the one before>``: two are good at once while one is
    being replaced. A secret has 16 characters or more.
    """

    by_carrier: dict[str, tuple[bytes, ...]]

    @classmethod
    def from_text(cls, text: str) -> CarrierSecrets:
        """Read the written form.

        Raises:
            ValueError: it is not of that form; the message holds nothing of it.
        """
        found = [_CARRIER.fullmatch(part.strip()) for part in text.split(",")]
        if not all(found):
            raise ValueError("expected carrier=secret, with 16 characters or more in a secret.")
        return cls(
            by_carrier={
                match[1]: tuple(secret.encode() for secret in match[2].split("|"))
                for match in found
                if match
            }
        )

    def __repr__(self) -> str:
        return f"***({', '.join(self.by_carrier)})"


@dataclass(frozen=True, kw_only=True)
class LogisticsSettings(ServiceSettings):
    """Which carriers we work with, and where the pretend ones keep their books."""

    carrier_secrets: CarrierSecrets
    pretend_carriers: Path = Path("var/pretend-carriers")
    # One event a transaction: those of a batch would hold the SKUs of many orders in the order in
    # which these came, and two workers lock each other out (tests/usecases/test_hot_goods.py).
    worker_batch: int = 1
