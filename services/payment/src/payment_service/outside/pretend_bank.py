"""A pretend provider that behaves as badly as real ones. It never leaves this machine.

    tok_declined              no, and do not try this card again
    tok_insufficient_funds    no, another try may go better
    tok_silent                takes the money, and the answer is lost
    tok_lost                  the request is lost before anything happens
    tok_late                  no answer at first; two questions later the money is taken
    tok_never                 no answer, ever
    tok_no_refund             takes the money and refuses to give it back
    tok_deaf_refund           gives it back, but the first answer to a refund is lost
    any other ``tok_...``     takes the money and says so

Its book lies in a SQLite file of its own (`pretend_book`).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from payment_service.outside.pretend_book import BookEntry, BookFile, entries
from payment_service.outside.provider import (
    Captured,
    Declined,
    NotFound,
    Pending,
    ProviderUnavailable,
    QueryAnswer,
    RefundAnswer,
    RefundDeclined,
    Refunded,
    Wanted,
)
from shop_events import new_id
from shop_events.values import Money

NAME: Final = "pretend"

_DECLINES: Final = {
    "tok_declined": Declined(code="card_declined", may_retry=False),
    "tok_insufficient_funds": Declined(code="insufficient_funds", may_retry=True),
}
# How many questions are answered with "still at it" before the money is taken.
_PATIENCE: Final = {"tok_late": 2, "tok_never": 1_000_000}
_GIVEN_UP: Final = Declined(code="never_arrived", may_retry=True)

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS captures (
    key TEXT PRIMARY KEY, ref TEXT NOT NULL, token TEXT NOT NULL, minor INTEGER NOT NULL,
    currency TEXT NOT NULL, decline TEXT, may_retry INTEGER NOT NULL, pending INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS refunds (
    key TEXT PRIMARY KEY, ref TEXT NOT NULL, of_ref TEXT NOT NULL, minor INTEGER NOT NULL,
    currency TEXT NOT NULL, decline TEXT);
"""


class PretendBank:
    """The pretend provider over its book at ``path``; several processes may share it."""

    name = NAME
    announces = False

    def __init__(self, path: Path) -> None:
        self._book = BookFile(path, _SCHEMA)

    def announce(self, wanted: Wanted) -> str:
        """Our own name for the payment is all it needs."""
        return wanted.key

    def capture(self, wanted: Wanted, token: str) -> QueryAnswer:
        """Take the money as ``token`` tells; a known key gets its first answer."""
        if token == "tok_lost":  # noqa: S105 - a behaviour's name, no secret
            raise ProviderUnavailable(f"The bank was not reached for {wanted.key}.")
        with self._book.writing() as book:
            _take(book, wanted, token)
            answer = _told(book, wanted.key)
        if isinstance(answer, Captured | Declined) and token != "tok_silent":  # noqa: S105
            return answer
        raise ProviderUnavailable(f"The bank gave no answer to {wanted.key} in time.")

    def query(self, wanted: Wanted) -> QueryAnswer:
        """What the book says of the payment."""
        key = wanted.key
        with self._book.writing() as book:
            answer = _told(book, key)
            book.execute(
                "UPDATE captures SET pending = pending - 1 WHERE key = ? AND pending > 0", (key,)
            )
            return answer

    def give_up(self, wanted: Wanted) -> QueryAnswer:
        """Never take the money, unless that has happened or begun."""
        with self._book.writing() as book:
            book.execute(
                "INSERT OR IGNORE INTO captures VALUES (?, ?, '', 0, 'CNY', ?, ?, 0)",
                (wanted.key, new_id(), _GIVEN_UP.code, _GIVEN_UP.may_retry),
            )
            return _told(book, wanted.key)

    def refund(self, key: str, provider_ref: str, amount: Money) -> RefundAnswer:
        """Give money back, at most what was taken; a known key gets its first answer."""
        with self._book.writing() as book:
            known = book.execute("SELECT decline, ref FROM refunds WHERE key = ?", (key,))
            row = known.fetchone()
            if row is None:
                decline = _refund_decline(book, provider_ref, amount)
                ref = new_id()
                book.execute(
                    "INSERT INTO refunds VALUES (?, ?, ?, ?, ?, ?)",
                    (key, ref, provider_ref, amount.minor, amount.currency, decline),
                )
            else:
                decline, ref = row
            loses_answer = row is None and _token_of(book, provider_ref) == "tok_deaf_refund"
        if loses_answer:
            raise ProviderUnavailable(f"The bank gave no answer to the refund {key} in time.")
        return RefundDeclined(code=decline) if decline else Refunded(provider_ref=ref)

    def forget(self) -> None:
        """Begin a new book; for tests that open many shops one after the other."""
        with self._book.writing() as book:
            book.execute("DELETE FROM captures")
            book.execute("DELETE FROM refunds")

    def captures(self) -> list[BookEntry]:
        """Every capture that took money up to now."""
        with self._book.reading() as book:
            query = (
                "SELECT key, minor, currency FROM captures WHERE decline IS NULL AND pending = 0"
            )
            return entries(book.execute(query).fetchall())

    def refunds(self) -> list[BookEntry]:
        """Every refund that gave money back."""
        with self._book.reading() as book:
            query = "SELECT key, minor, currency FROM refunds WHERE decline IS NULL"
            return entries(book.execute(query).fetchall())


def _take(book: sqlite3.Connection, wanted: Wanted, token: str) -> None:
    refused = _DECLINES.get(token)
    book.execute(
        "INSERT OR IGNORE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            wanted.key,
            new_id(),
            token,
            wanted.amount.minor,
            wanted.amount.currency,
            refused.code if refused else None,
            refused.may_retry if refused else False,
            _PATIENCE.get(token, 0),
        ),
    )


def _told(book: sqlite3.Connection, key: str) -> QueryAnswer:
    query = "SELECT ref, minor, currency, decline, may_retry, pending FROM captures WHERE key = ?"
    row = book.execute(query, (key,)).fetchone()
    if row is None:
        return NotFound()
    ref, minor, currency, decline, may_retry, pending = row
    if decline is not None:
        return Declined(code=decline, may_retry=bool(may_retry))
    return Pending() if pending else Captured(provider_ref=ref, amount=Money(minor, currency))


def _refund_decline(book: sqlite3.Connection, of_ref: str, amount: Money) -> str | None:
    query = "SELECT minor, currency, token FROM captures WHERE ref = ? AND decline IS NULL"
    capture = book.execute(query, (of_ref,)).fetchone()
    if capture is None or capture[1] != amount.currency:
        return "no_such_capture"
    if capture[2] == "tok_no_refund":
        return "refund_refused"
    query = "SELECT COALESCE(SUM(minor), 0) FROM refunds WHERE of_ref = ? AND decline IS NULL"
    (gone,) = book.execute(query, (of_ref,)).fetchone()
    return "exceeds_capture" if gone + amount.minor > capture[0] else None


def _token_of(book: sqlite3.Connection, ref: str) -> str | None:
    row = book.execute("SELECT token FROM captures WHERE ref = ?", (ref,)).fetchone()
    return None if row is None else str(row[0])
