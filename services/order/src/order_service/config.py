"""Order's settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from chassis.settings import Env, ServiceSettings
from shop_events.contracts.order import PaymentMethod

_PART = re.compile(r"([a-z_]{1,32})=(\d{1,6})")
# Cash on delivery is not waited for (O8).
WAITED_FOR: Final = frozenset(set(PaymentMethod) - {PaymentMethod.CASH_ON_DELIVERY})
HALF_AN_HOUR: Final = timedelta(minutes=30)  # DOMAIN.md E6
SHORTEST: Final = timedelta(minutes=15)  # FEATURES 85, and LONGEST
LONGEST: Final = timedelta(minutes=60)


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

    def outside(self, shortest: timedelta, longest: timedelta) -> list[str]:
        """The methods whose time is shorter or longer than that."""
        times = sorted(self.by_method.items())
        return [method for method, within in times if not shortest <= within <= longest]

    def of(self, method: str) -> timedelta:
        """How long an order waits that is paid so."""
        return self.by_method.get(method, HALF_AN_HOUR)


@dataclass(frozen=True, kw_only=True)
class OrderSettings(ServiceSettings):
    """How long order waits for others.

    Raises:
        ValueError: an order would wait for its money less than 15 minutes or more than 60, and
            this is no development shop.
    """

    pay_within: PayWithin = field(default_factory=PayWithin)
    late_after_s: int = 30  # news that come later than this stop new quotes for as long

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.env is not Env.DEV and (odd := self.pay_within.outside(SHORTEST, LONGEST)):
            said = f"pay_within gives {', '.join(odd)} less than 15 minutes or more than 60"
            raise ValueError(f"{said}; only a development shop (SHOP_ENV=dev) may.")
