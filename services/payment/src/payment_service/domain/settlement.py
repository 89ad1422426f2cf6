"""Who bears what: the buyer's prepaid money becomes the merchants', and may have to come back.

Commission is taken when the buyer has the goods: the platform's rate of each line's share, half up
per share; shipping bears none. A refund takes what is not settled from the prepaid money; the rest
comes back from the merchant, and from the commission in the proportion that was booked.

What each account holds is a function of the sums below, and a posting is the difference between
before and after: receipts and refunds may come in any order and end in the same balances.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from payment_service.domain.ledger import (
    CUSTOMER_PREPAID,
    PLATFORM_COMMISSION,
    Entry,
    merchant_payable,
)
from payment_service.domain.refund import Share
from shop_events.values import Money, total

BASIS_POINTS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMoney:
    """What became of the money for one line (or, without ``line_id``, a merchant's shipping).

    ``paid`` is None while the order's confirmation is not known, and always for shipping, whose
    split the confirmation does not tell. ``commission`` is the part of ``settled`` we kept.
    """

    merchant_id: str
    line_id: str | None
    paid: Money | None
    settled: Money
    commission: Money
    refunded: Money

    @classmethod
    def untouched(cls, merchant_id: str, line_id: str | None, currency: str) -> LineMoney:
        """Nothing is known of it yet."""
        none = Money.zero(currency)
        return cls(
            merchant_id=merchant_id,
            line_id=line_id,
            paid=None,
            settled=none,
            commission=none,
            refunded=none,
        )

    def settle(self, share: Money, rate_bp: int) -> LineMoney:
        """The buyer has the goods: ``share`` is the merchant's, less our commission."""
        commission = Money.zero(share.currency)
        if self.line_id is not None:
            commission = share.share(Decimal(rate_bp) / BASIS_POINTS)
        return replace(self, settled=self.settled + share, commission=self.commission + commission)

    def give_back(self, share: Money) -> LineMoney:
        """``share`` went back to the buyer."""
        return replace(self, refunded=self.refunded + share)

    @property
    def refunded_after_receipt(self) -> Money:
        """The part of the refunds that the merchant had earned already.

        Refunds use up what is paid and not settled first. Shipping is settled or refunded as a
        whole (M9), so whatever is refunded besides a settlement comes from it.
        """
        none = Money.zero(self.settled.currency)
        open_prepaid = none if self.paid is None else max(self.paid - self.settled, none)
        return min(max(self.refunded - open_prepaid, none), self.settled)

    def balances(self) -> dict[str, int]:
        """What it comes to on each account, in minor units: above zero a debit."""
        after = self.refunded_after_receipt
        kept = self.commission - self._commission_of(after)
        earned = self.settled - after
        return {
            CUSTOMER_PREPAID: (self.settled + self.refunded - after).minor,
            merchant_payable(self.merchant_id): (kept - earned).minor,
            PLATFORM_COMMISSION: -kept.minor,
        }

    def _commission_of(self, back: Money) -> Money:
        """Its share of what came back, so that all of it is back once all that was settled is."""
        if not back:
            return back
        exact = Decimal(self.commission.minor) * back.minor / self.settled.minor
        return Money(int(exact.quantize(Decimal(1), ROUND_HALF_UP)), back.currency)


def moved(before: LineMoney, after: LineMoney) -> tuple[Entry, ...]:
    """The entries that lead from one to the other."""
    change = Counter(after.balances())
    change.subtract(before.balances())
    return _entries(change, after.settled.currency)


def received(before: LineMoney, after: LineMoney) -> tuple[Entry, ...]:
    """The entries of a receipt: what it settles, and then what the merchant owes back of that.

    Both are written although they may cancel out, where all of it had been refunded before: a
    receipt that moves nothing in the end was booked all the same.
    """
    none = Money.zero(after.settled.currency)
    settles = moved(replace(before, refunded=none), replace(after, refunded=none))
    rest = Counter({entry.account: entry.amount.minor for entry in moved(before, after)})
    rest.subtract({entry.account: entry.amount.minor for entry in settles})
    return settles + _entries(rest, none.currency)


def shares_total(shares: tuple[Share, ...], currency: str) -> Money:
    """What the shares sum to."""
    return total((share.amount for share in shares), currency)


def _entries(change: Mapping[str, int], currency: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(account=account, amount=Money(minor, currency))
        for account, minor in change.items()
        if minor
    )
