"""Spoils the books of a town that does not run, and has the checker look through them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from shop_events import ManualClock
from shop_suite.audit.town import audit_folder


def one(table: str, where: str = "1") -> str:
    """A condition that is true of the first such row alone."""
    return f"rowid IN (SELECT rowid FROM {table} WHERE {where} ORDER BY rowid LIMIT 1)"


def spoil(file: Path, statements: str) -> int:
    """Change the books as no code of ours would; how many rows."""
    with closing(sqlite3.connect(file)) as books:
        for (name,) in books.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            books.execute(f"DROP TRIGGER {name}")
        books.execute("PRAGMA ignore_check_constraints = ON")
        before = books.total_changes
        books.executescript(statements)
        books.commit()
        return books.total_changes - before


def looked_through(folder: Path, clock: ManualClock, *, finished: bool = True) -> list[str]:
    """All that the checker says an hour later."""
    clock.advance(timedelta(hours=1))
    return list(audit_folder(folder, clock=clock, finished=finished))
