"""Payment's settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chassis.settings import Env, Secret, ServiceSettings

WHOLE_BP: Final = 10_000
MOST_DAYS: Final = 365
_SAFE: Final = re.compile(r"https://|http://(127\.0\.0\.1|localhost)[:/]")


@dataclass(frozen=True, kw_only=True)
class PaymentSettings(ServiceSettings):
    """What payment is told besides.

    Cards are taken by ``stripe_key``'s account at the card provider; without a key a pretend one
    stands in, whose book is ``pretend_stripe_file`` and whose 3-D Secure pages are under
    ``pretend_stripe_pages``. ``pretend_bank_file`` is the book of another pretend provider. A
    provider's callbacks are refused while it has no secret; during a rotation the old secret
    counts as well.

    Raises:
        ValueError: nobody could pay by card, the provider both pretends and does not, its address
            is not safe, the commission is not between nothing and everything, or carriers may keep
            cash for no day or for more than a year.
    """

    stripe_key: Secret | None = None
    stripe_url: str | None = None  # where its servers are, unless at their usual place
    stripe_account: str | None = None  # which account callbacks must name, where they name one
    stripe_webhook_secret: Secret | None = None
    stripe_webhook_old_secret: Secret | None = None
    return_url: str = "http://127.0.0.1:8000/"  # after 3-D Secure, unless the client says where
    pretend_stripe_file: Path | None = None
    pretend_stripe_pages: str = "http://127.0.0.1:8000/api/v1/dev/simulators/stripe"
    pretend_stripe_tells: str | None = None  # the address of our webhook; without it, nobody's
    pretend_bank_file: Path | None = None
    pretend_webhook_secret: Secret | None = None
    pretend_webhook_old_secret: Secret | None = None
    commission_bp: int = 500  # of each line's share, in hundredths of a percent
    remittance_days: int = 7  # how long a carrier may keep cash before bills miss it; rule of ours

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.stripe_key is not None and self.pretend_stripe_file is not None:
            raise ValueError("stripe_key and pretend_stripe_file are both set; which one counts?")
        if (self.stripe_key or self.pretend_stripe_file or self.pretend_bank_file) is None:
            raise ValueError("Nobody could pay by card: set stripe_key, or a pretend provider.")
        pretend = self.pretend_stripe_file or self.pretend_bank_file
        if pretend is not None and self.env is not Env.DEV:
            raise ValueError("Pretend providers are for a development shop alone (SHOP_ENV=dev).")
        if self.stripe_url is not None and not _SAFE.match(self.stripe_url):
            raise ValueError("stripe_url must be https, or of this machine.")
        if not 0 <= self.commission_bp <= WHOLE_BP:
            raise ValueError(f"commission_bp is {self.commission_bp}, not 0 to {WHOLE_BP}.")
        if not 1 <= self.remittance_days <= MOST_DAYS:
            raise ValueError(f"remittance_days is {self.remittance_days}, not 1 to {MOST_DAYS}.")
