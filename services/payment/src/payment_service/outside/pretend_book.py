"""The SQLite file in which a pretend partner keeps its book.

It survives the death of the process that asked, several processes share it, and it can be compared
with our ledger afterwards: a witness that knows nothing of us.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shop_events.values import Money

BUSY_S: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BookEntry:
    """Money that moved at a partner: ``key`` is the id of our payment or refund."""

    key: str
    amount: Money


class BookFile:
    """The file at ``path``, with the tables of ``schema``."""

    def __init__(self, path: Path, schema: str) -> None:
        self._path = path
        self._schema = schema

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that nobody else's writes come between."""
        with self.reading() as book:
            book.execute("BEGIN IMMEDIATE")
            try:
                yield book
            except BaseException:
                book.execute("ROLLBACK")
                raise
            book.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The book, opened; what is executed counts at once."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        opened = sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None)
        with closing(opened) as book:
            book.execute("PRAGMA journal_mode = WAL")
            book.execute("PRAGMA synchronous = FULL")
            book.executescript(self._schema)
            yield book


def entries(rows: list[tuple[str, int, str]]) -> list[BookEntry]:
    """Rows of key, minor units and currency, as entries."""
    return [BookEntry(key=key, amount=Money(minor, currency)) for key, minor, currency in rows]
