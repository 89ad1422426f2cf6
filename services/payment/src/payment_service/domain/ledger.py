"""The books: which accounts there are, and what each cause moves between them.

An amount above zero is a debit, below zero a credit. Every posting sums to zero per currency and
has one cause, which is its natural key: told twice, it is booked once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shop_events.values import Money

CUSTOMER_PREPAID: Final = "customer_prepaid"
COD_RECEIVABLE: Final = "cod_receivable"
PLATFORM_COMMISSION: Final = "platform_commission"
PLATFORM_BANK: Final = "platform_bank"  # our own account: carriers pay in, people pay out by hand
REFUNDS_OWED: Final = "refunds_owed"  # refunds that came back from the provider


class Unbalanced(ValueError):
    """A posting does not sum to zero: our own mistake, never the caller's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One side of a posting: above zero a debit, below zero a credit."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What one cause moved, for which order.

    Raises:
        Unbalanced: the entries do not sum to zero in each currency, or move nothing.
    """

    cause: str
    order_id: str
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        sums: Counter[str] = Counter()
        for entry in self.entries:
            sums[entry.amount.currency] += entry.amount.minor
        if not self.entries or any(sums.values()):
            raise Unbalanced(f"The posting {self.cause} sums to {dict(sums)}, not to zero.")


def provider_receivable(provider: str) -> str:
    """What a payment provider owes us."""
    return f"provider_receivable:{provider}"


def cash_in_transit(carrier: str) -> str:
    """Cash that a carrier took at doors and owes us."""
    return f"cash_in_transit:{carrier}"


def merchant_payable(merchant_id: str) -> str:
    """What we owe a merchant."""
    return f"merchant_payable:{merchant_id}"


def captured(payment_id: str, order_id: str, *, provider: str, amount: Money) -> Posting:
    """The provider took the buyer's money."""
    entries = _move(amount, debit=provider_receivable(provider), credit=CUSTOMER_PREPAID)
    return Posting(cause=f"captured:{payment_id}", order_id=order_id, entries=entries)


def on_delivery(order_id: str, amount: Money) -> Posting:
    """The buyer owes cash for a confirmed order."""
    entries = _move(amount, debit=COD_RECEIVABLE, credit=CUSTOMER_PREPAID)
    return Posting(cause=f"on_delivery:{order_id}", order_id=order_id, entries=entries)


def cash_collected(parcel_id: str, order_id: str, *, carrier: str, amount: Money) -> Posting:
    """The carrier took the cash for a parcel."""
    entries = _move(amount, debit=cash_in_transit(carrier), credit=COD_RECEIVABLE)
    return Posting(cause=f"cash:{parcel_id}", order_id=order_id, entries=entries)


def cash_remitted(parcel_id: str, order_id: str, *, carrier: str, amount: Money) -> Posting:
    """The carrier brought us the cash for a parcel."""
    entries = _move(amount, debit=PLATFORM_BANK, credit=cash_in_transit(carrier))
    return Posting(cause=f"remitted:{parcel_id}", order_id=order_id, entries=entries)


def debt_undone(refund_id: str, order_id: str, amount: Money) -> Posting:
    """Goods that nobody took at the door, or that never left, are not owed for."""
    entries = _move(amount, debit=CUSTOMER_PREPAID, credit=COD_RECEIVABLE)
    return Posting(cause=f"refund:{refund_id}", order_id=order_id, entries=entries)


def refund_reversed(refund_id: str, order_id: str, *, provider: str, amount: Money) -> Posting:
    """What the provider had paid back came back to it: the buyer is still owed it."""
    entries = _move(amount, debit=provider_receivable(provider), credit=REFUNDS_OWED)
    return Posting(cause=f"refund_reversed:{refund_id}", order_id=order_id, entries=entries)


def owed_refund_paid(refund_id: str, order_id: str, amount: Money) -> Posting:
    """People paid a reversed refund by hand."""
    entries = _move(amount, debit=REFUNDS_OWED, credit=PLATFORM_BANK)
    return Posting(cause=f"by_hand:{refund_id}", order_id=order_id, entries=entries)


def posting_of(cause: str, order_id: str, entries: Iterable[Entry]) -> Posting:
    """A posting with one entry an account, and none that moves nothing."""
    sums: dict[tuple[str, str], Money] = {}
    for entry in entries:
        where = (entry.account, entry.amount.currency)
        sums[where] = sums.get(where, Money.zero(entry.amount.currency)) + entry.amount
    merged = tuple(
        Entry(account=account, amount=amount) for (account, _), amount in sums.items() if amount
    )
    return Posting(cause=cause, order_id=order_id, entries=merged)


def _move(amount: Money, *, debit: str, credit: str) -> tuple[Entry, ...]:
    return (Entry(account=debit, amount=amount), Entry(account=credit, amount=-amount))
