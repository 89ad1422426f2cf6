"""What does not add up, as sentences: nothing, in a shop whose money is in order.

Looks at payment's database alone, and at the pretend bank's book, which knows nothing of us.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Protocol

from payment_service.domain import ledger
from payment_service.domain.payment import Payment
from payment_service.domain.refund import COUNTED, GIVEN_BACK, UNDER_WAY, Refund, RefundState
from payment_service.domain.remittance import Collection
from payment_service.outside.pretend_book import BookEntry
from payment_service.store import books, callbacks, calls, payments, refunds, remittances
from payment_service.store.books import ledger_balances
from shop_events import Database, Money
from shop_events.values import total

__all__ = ["counter_examples", "ledger_balances", "still_asked"]


class Witness(Protocol):
    """The own book of the provider ``name``, as `PretendBank` keeps it."""

    @property
    def name(self) -> str:
        """Which payments it speaks of."""

    def captures(self) -> list[BookEntry]:
        """Every capture that took money; the key is our payment's id."""

    def refunds(self) -> list[BookEntry]:
        """Every refund that gave money back; the key is our refund's id."""


def counter_examples(database: Database, *banks: Witness) -> Iterator[str]:
    """Every rule about money that is broken, a sentence each; ask when nothing is under way.

    While the provider is being asked, the bank may be ahead of us by what is still ``processing``.
    """
    with database.read() as connection:
        sums = books.sums(connection)
        booked = books.entries_by_cause(connection)
        prepaid = books.by_order(connection, ledger.CUSTOMER_PREPAID)
        all_payments = payments.all_of(connection)
        all_refunds = refunds.all_of(connection)
        collections = remittances.all_of(connection)
        asked = calls.wanted(connection)
        contradictions = callbacks.contradicting(connection)
    yield from _unbalanced(sums)
    yield from _overdrawn(prepaid)
    yield from _captures(all_payments, booked)
    yield from _refunds(all_payments, all_refunds, booked)
    yield from _cash(collections, booked)
    yield from _captured_twice(all_payments, all_refunds)
    yield from _stuck(all_payments, all_refunds, asked)
    for payment_id, event_id in contradictions:
        yield f"The callback {event_id} contradicts what is known of payment {payment_id}."
    for bank in banks:
        theirs = [payment for payment in all_payments if payment.provider == bank.name]
        ids = {payment.id for payment in theirs}
        yield from _against_captures(theirs, bank.captures())
        yield from _against_refunds(
            [refund for refund in all_refunds if refund.payment_id in ids], bank.refunds()
        )


def still_asked(database: Database) -> int:
    """How many answers of the provider are outstanding; with none, payment is quiet."""
    with database.read() as connection:
        return len(calls.wanted(connection))


Booked = dict[str, tuple[ledger.Entry, ...]]


def _unbalanced(sums: Iterable[tuple[str, str | None, int, int]]) -> Iterator[str]:
    for cause, currency, amount, count in sums:
        if amount or count < 2:
            yield f"The posting {cause} has {count} entries that sum to {amount} {currency}."


def _overdrawn(prepaid: dict[tuple[str, str], int]) -> Iterator[str]:
    for (order_id, currency), debit in prepaid.items():
        if debit > 0:
            yield f"The order {order_id} gave out {Money(debit, currency)} more than it took in."


def _captures(known: Iterable[Payment], booked: Booked) -> Iterator[str]:
    wanted = {f"captured:{payment.id}": payment for payment in known if payment.is_taken}
    for cause, payment in wanted.items():
        if cause not in booked:
            yield f"The payment {payment.id} is {payment.state} and was never booked."
        elif _on(booked[cause], ledger.CUSTOMER_PREPAID) != -payment.amount.minor:
            yield f"The payment {payment.id} over {payment.amount} was booked with another amount."
    for cause in booked:
        if cause.startswith("captured:") and cause not in wanted:
            yield f"The posting {cause} is of a payment that was not captured."


def _refunds(known: Iterable[Payment], asked: Iterable[Refund], booked: Booked) -> Iterator[str]:
    counted: dict[str, list[Money]] = defaultdict(list)
    for refund in asked:
        if refund.payment_id is not None and refund.state in COUNTED:
            counted[refund.payment_id].append(refund.amount)
        done = refund.state in GIVEN_BACK
        if done is not (f"refund:{refund.id}" in booked):
            yield f"The refund {refund.id} is {refund.state}, and its posting says otherwise."
    for payment in known:
        back = total(counted.get(payment.id, ()), payment.amount.currency)
        if back > payment.amount or (back and not payment.is_taken):
            known_as = f"{payment.state} payment {payment.id} over {payment.amount}"
            yield f"{back} go back of the {known_as}."


def _cash(collections: Iterable[Collection], booked: Booked) -> Iterator[str]:
    wanted: dict[str, Collection] = {}
    for one in collections:
        wanted[f"cash:{one.parcel_id}"] = one
        if one.bill_id is not None:
            wanted[f"remitted:{one.parcel_id}"] = one
    for cause, one in wanted.items():
        sign = 1 if cause.startswith("cash:") else -1
        moved = _on(booked.get(cause, ()), ledger.cash_in_transit(one.carrier))
        if moved != sign * one.amount.minor:
            yield f"{one.carrier} collected {one.amount} for {one.parcel_id}; {cause} differs."
    for cause in booked:
        if cause.startswith(("cash:", "remitted:")) and cause not in wanted:
            yield f"The posting {cause} is of cash that no carrier collected or brought."


def _captured_twice(known: Iterable[Payment], asked: Iterable[Refund]) -> Iterator[str]:
    unwanted = {refund.payment_id for refund in asked if refund.cause.startswith("unexpected:")}
    wanted = Counter(
        payment.order_id for payment in known if payment.is_taken and payment.id not in unwanted
    )
    for order_id, times in wanted.items():
        if times > 1:
            yield f"The order {order_id} was paid {times} times."


def _stuck(
    known: Iterable[Payment], asked: Iterable[Refund], wanted: set[tuple[str, str]]
) -> Iterator[str]:
    for payment in known:
        if payment.is_unsettled and ("query", payment.id) not in wanted:
            yield f"The payment {payment.id} is {payment.state} and nobody will ask about it."
    for refund in asked:
        if refund.state in UNDER_WAY and ("refund", refund.id) not in wanted:
            yield f"The refund {refund.id} is {refund.state} and nobody will ask for it."


def _against_captures(known: Iterable[Payment], book: Iterable[BookEntry]) -> Iterator[str]:
    ours = {payment.id: payment for payment in known}
    theirs = {entry.key: entry.amount for entry in book}
    for key, amount in theirs.items():
        payment = ours.get(key)
        if payment is None or not (payment.is_taken or payment.is_unsettled):
            state = "unknown to us" if payment is None else payment.state
            yield f"The bank took {amount} for the payment {key}, which is {state}."
        elif payment.amount != amount:
            yield f"The bank took {amount} for the payment {key} over {payment.amount}."
    for payment in ours.values():
        if payment.is_taken and payment.id not in theirs:
            yield f"The payment {payment.id} is {payment.state}, and the bank took nothing."


def _against_refunds(asked: Iterable[Refund], book: Iterable[BookEntry]) -> Iterator[str]:
    ours = {refund.id: refund for refund in asked}
    by_bank = UNDER_WAY | {RefundState.SUCCEEDED}
    theirs = {entry.key: entry.amount for entry in book}
    for key, amount in theirs.items():
        refund = ours.get(key)
        if refund is None or refund.state not in by_bank:
            state = "unknown to us" if refund is None else refund.state
            yield f"The bank gave {amount} back for the refund {key}, which is {state}."
        elif refund.amount != amount:
            yield f"The bank gave {amount} back for the refund {key} over {refund.amount}."
    for refund in ours.values():
        if refund.state is RefundState.SUCCEEDED and refund.id not in theirs:
            yield f"The refund {refund.id} succeeded, and the bank gave nothing back."


def _on(entries: Iterable[ledger.Entry], account: str) -> int:
    return sum(entry.amount.minor for entry in entries if entry.account == account)
