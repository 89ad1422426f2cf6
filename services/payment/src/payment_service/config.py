"""Payment's settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chassis.settings import Secret, ServiceSettings

WHOLE_BP = 10_000


@dataclass(frozen=True, kw_only=True)
class PaymentSettings(ServiceSettings):
    """What payment is told besides.

    ``pretend_bank_file`` is the pretend provider's book, which is not ours. Its callbacks are
    refused while it has no secret; during a rotation the old secret counts as well.

    Raises:
        ValueError: the commission is not between nothing and everything.
    """

    pretend_bank_file: Path
    pretend_webhook_secret: Secret | None = None
    pretend_webhook_old_secret: Secret | None = None
    commission_bp: int = 500  # of each line's share, in hundredths of a percent

    def __post_init__(self) -> None:
        if not 0 <= self.commission_bp <= WHOLE_BP:
            raise ValueError(f"commission_bp is {self.commission_bp}, not 0 to {WHOLE_BP}.")
