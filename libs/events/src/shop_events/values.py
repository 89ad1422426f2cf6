"""Values that mean the same in every service, in events and at HTTP.

Only the standard library is imported here, so that a contract can be read anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import total_ordering
from typing import Final, NoReturn

# Minor-unit digits per currency, ISO 4217 table A.1. Add a row before selling in a new currency.
MINOR_DIGITS: Final = {"CNY": 2, "EUR": 2, "GBP": 2, "HKD": 2, "JPY": 0, "USD": 2}

# One amount stays well inside a signed 64-bit integer, so that sums of many fit a database column.
LARGEST_MINOR: Final = 10**15

_AMOUNT = re.compile(r"-?\d{1,16}(?:\.(\d{1,4}))?", re.ASCII)


class NotMoney(ValueError):
    """The text is no amount of this currency, or the currency is not one we sell in."""


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added, subtracted or compared."""


@total_ordering
class Money:
    """An exact amount, held in minor units (fen for CNY, yen for JPY; DOMAIN.md M1).

    Raises:
        NotMoney: the currency has no row in ``MINOR_DIGITS`` or the amount is out of range.
    """

    __slots__ = ("currency", "minor")

    minor: int
    currency: str

    def __init__(self, minor: int, currency: str) -> None:
        if currency not in MINOR_DIGITS:
            raise NotMoney(f"{currency!r} is not a currency this shop knows.")
        if type(minor) is not int or abs(minor) > LARGEST_MINOR:
            raise NotMoney(f"{minor!r} is not an amount in minor units of {currency}.")
        object.__setattr__(self, "minor", minor)
        object.__setattr__(self, "currency", currency)

    @classmethod
    def of(cls, amount: str, currency: str) -> Money:
        """Read ``"19.90"``; at most the currency's digits after the point.

        Raises:
            NotMoney: the text is not a plain decimal number, or has too many digits.
        """
        digits = MINOR_DIGITS.get(currency)
        match = _AMOUNT.fullmatch(amount)
        if digits is None or match is None or len(match.group(1) or "") > digits:
            raise NotMoney(f"{amount[:32]!r} is not an amount of {currency[:8]!r}.")
        return cls(int(Decimal(amount).scaleb(digits)), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in this currency."""
        return cls(0, currency)

    @property
    def amount(self) -> str:
        """The decimal text with the currency's digits: ``"19.90"``."""
        digits = MINOR_DIGITS[self.currency]
        return f"{Decimal(self.minor).scaleb(-digits):.{digits}f}"

    def share(self, part: Decimal) -> Money:
        """``part`` (0..1) of this amount, half up (DOMAIN.md M2)."""
        minor = (Decimal(self.minor) * part).quantize(Decimal(1), ROUND_HALF_UP)
        return Money(int(minor), self.currency)

    def allocate(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Split over ``weights`` by largest remainder; the parts sum to the whole (DOMAIN.md M3).

        All weights zero: split evenly, the first parts taking the odd units.

        Raises:
            ValueError: there is no weight, or one is negative.
        """
        if not weights or min(weights) < 0:
            raise ValueError("An amount is split over one or more weights of zero or above.")
        parts = _largest_remainder(abs(self.minor), weights if any(weights) else [1] * len(weights))
        sign = -1 if self.minor < 0 else 1
        return tuple(Money(sign * part, self.currency) for part in parts)

    def of_units(self, units: int, *, start: int, count: int) -> Money:
        """What ``count`` of ``units`` equal units have in this amount, from number ``start`` on.

        Units are numbered from 0. The odd minor units lie with the first ones, so that the parts
        of all units sum to the whole, however they are grouped (DOMAIN.md M4).

        Raises:
            ValueError: there are no such units.
        """
        if not 0 <= start <= start + count <= units or units == 0:
            raise ValueError(f"{units} units have no {count} from number {start} on.")
        each, odd = divmod(self.minor, units)
        first = max(0, min(odd, start + count) - start)
        return Money(each * count + first, self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return (self.minor, self.currency) == (other.minor, other.currency)

    def __hash__(self) -> int:
        return hash((self.minor, self.currency))

    def __repr__(self) -> str:
        return f"Money({self.amount} {self.currency})"

    __str__ = __repr__

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("An amount of money does not change; make a new one.")

    def __reduce__(self) -> tuple[type[Money], tuple[int, str]]:
        return (Money, (self.minor, self.currency))

    def _same(self, other: Money) -> Money:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self} and {other} are not in one currency.")
        return other


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of ``amounts``; zero of ``currency`` when there is none."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result


def _largest_remainder(whole: int, weights: Sequence[int]) -> list[int]:
    sum_of_weights = sum(weights)
    parts = [whole * weight // sum_of_weights for weight in weights]
    by_remainder = sorted(
        range(len(weights)),
        key=lambda place: (-(whole * weights[place] % sum_of_weights), place),
    )
    for place in by_remainder[: whole - sum(parts)]:
        parts[place] += 1
    return parts
