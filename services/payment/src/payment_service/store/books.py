"""The ledger: postings are added, never changed; what they sum to can be asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from payment_service.domain.ledger import Entry, Posting
from payment_service.store.tables import entries, postings
from shop_events.ids import new_id
from shop_events.sql import insert_once
from shop_events.values import Money


def add(connection: Connection, posting: Posting, at: datetime) -> bool:
    """Book ``posting``; False when its cause was booked before, and then nothing happens."""
    posting_id = new_id()
    values = {"id": posting_id, "cause": posting.cause, "order_id": posting.order_id, "at": at}
    if not insert_once(connection, postings, values):
        return False
    rows = [
        {
            "posting_id": posting_id,
            "account": entry.account,
            "amount": entry.amount.minor,
            "currency": entry.amount.currency,
        }
        for entry in posting.entries
    ]
    connection.execute(insert(entries), rows)
    return True


def has(connection: Connection, cause: str) -> bool:
    """Whether this cause was booked."""
    query = select(postings.c.id).where(postings.c.cause == cause)
    return connection.execute(query).first() is not None


def ledger_balances(connection: Connection) -> dict[tuple[str, str], int]:
    """What each account holds, by account and currency, in minor units; below zero a credit."""
    query = select(entries.c.account, entries.c.currency, func.sum(entries.c.amount)).group_by(
        entries.c.account, entries.c.currency
    )
    return {
        (account, currency): int(amount)
        for account, currency, amount in connection.execute(query).all()
    }


def balance_of_order(
    connection: Connection, order_id: str, *, account: str, currency: str
) -> Money:
    """What an order's postings come to on one account."""
    query = (
        select(func.coalesce(func.sum(entries.c.amount), 0))
        .join(postings, postings.c.id == entries.c.posting_id)
        .where(postings.c.order_id == order_id, entries.c.account == account)
        .where(entries.c.currency == currency)
    )
    return Money(int(connection.execute(query).scalar_one()), currency)


def sums(connection: Connection) -> list[tuple[str, str | None, int, int]]:
    """Each posting's cause, currency, sum and number of entries; for the audit.

    Asks the entries themselves, so that a posting that cannot be a `Posting` is found too.
    """
    query = (
        select(
            postings.c.cause,
            entries.c.currency,
            func.coalesce(func.sum(entries.c.amount), 0),
            func.count(entries.c.number),
        )
        .outerjoin(entries, postings.c.id == entries.c.posting_id)
        .group_by(postings.c.cause, entries.c.currency)
    )
    return [
        (cause, currency, int(amount), int(count))
        for cause, currency, amount, count in connection.execute(query).all()
    ]


def entries_by_cause(connection: Connection) -> dict[str, tuple[Entry, ...]]:
    """Every posting's entries, by cause; for the audit."""
    query = select(postings.c.cause, entries.c.account, entries.c.amount, entries.c.currency).join(
        entries, postings.c.id == entries.c.posting_id
    )
    found: dict[str, tuple[Entry, ...]] = {}
    for cause, account, amount, currency in connection.execute(query).all():
        entry = Entry(account=account, amount=Money(amount, currency))
        found[cause] = (*found.get(cause, ()), entry)
    return found


def by_order(connection: Connection, account: str) -> dict[tuple[str, str], int]:
    """What each order's postings come to on ``account``, by order and currency; for the audit."""
    query = (
        select(postings.c.order_id, entries.c.currency, func.sum(entries.c.amount))
        .join(entries, postings.c.id == entries.c.posting_id)
        .where(entries.c.account == account)
        .group_by(postings.c.order_id, entries.c.currency)
    )
    return {
        (order_id, currency): int(amount)
        for order_id, currency, amount in connection.execute(query).all()
    }
