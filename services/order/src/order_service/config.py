"""Order's settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from chassis.settings import ServiceSettings
from shop_events.contracts.order import PaymentMethod

_PART = re.compile(r"([a-z_]{1,32})=(\d{1,6})")
# Cash on delivery is not waited for (O8).
WAITED_FOR: Final = frozenset(set(PaymentMethod) - {PaymentMethod.CASH_ON_DELIVERY})
HALF_AN_HOUR: Final = timedelta(minutes=30)  # DOMAIN.md E6


@dataclass(frozen=True, kw_only=True)
class PayWithin:
    """How long an order waits for its money, by payment method; half an hour unless it is said.

    Written as ``card=1800,balance=900``, in seconds. Cash on delivery is not waited for (O8).
    """

    by_method: Mapping[str, timedelta] = field(default_factory=dict)

    @classmethod
    def from_text(cls, text: str) -> PayWithin:
        """Read the written form.

        Raises:
            ValueError: it is not of that form, a time is under a minute, or nobody pays so.
        """
        found = [_PART.fullmatch(part.strip()) for part in text.split(",")]
        if not all(match and int(match[2]) >= 60 for match in found):
            raise ValueError("expected method=seconds, with a minute or more.")
        within = {match[1]: timedelta(seconds=int(match[2])) for match in found if match}
        if unknown := within.keys() - WAITED_FOR:
            said = f"nothing waits for {', '.join(sorted(unknown))}"
            raise ValueError(f"{said}; the methods are {', '.join(sorted(WAITED_FOR))}.")
        return cls(by_method=within)

    def of(self, method: str) -> timedelta:
        """How long an order waits that is paid so."""
        return self.by_method.get(method, HALF_AN_HOUR)


@dataclass(frozen=True, kw_only=True)
class OrderSettings(ServiceSettings):
    """How long order waits for others."""

    pay_within: PayWithin = field(default_factory=PayWithin)
    late_after_s: int = 30  # news that come later than this stop new quotes for as long
