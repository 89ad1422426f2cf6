"""A pretend mail server and SMS provider, whose mailboxes one may look into. Development and tests.

    bounces@…        refused for good
    busy@…           "not now", each time
    crash@…          takes the mail, and the answer is lost
    …0000 (phone)    refused for good
    anything else    taken

It lies in a SQLite file of its own, so that every process of the shop, and a test, sees the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from notification_service.outside.post import Accepted, Letter, PostUnavailable, Refused

BUSY_S: Final = 10.0
SHOWN_AT_MOST: Final = 100

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS letters (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, channel TEXT NOT NULL, addressee TEXT NOT NULL,
    subject TEXT NOT NULL, text TEXT NOT NULL, html TEXT NOT NULL, link TEXT, code TEXT,
    at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS letters_to ON letters (addressee, number);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A letter in a pretend mailbox; ``id`` tells one that came twice."""

    id: str
    channel: str
    to: str
    subject: str
    text: str
    html: str
    links: tuple[str, ...]
    code: str | None
    at: str  # RFC 3339


class PretendMailbox:
    """Everybody's pretend mailbox at ``path``; several processes may share it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, letter: Letter) -> Accepted | Refused:
        """Put the letter into its mailbox, or behave badly as the address says."""
        name = letter.to.partition("@")[0]
        if name == "bounces" or letter.to.endswith("0000"):
            return Refused(code="550")
        if name == "busy":
            raise PostUnavailable("451")
        with self._file() as file:
            file.execute(
                "INSERT INTO letters (id, channel, addressee, subject, text, html, link, code, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    letter.id,
                    letter.channel,
                    letter.to,
                    letter.subject,
                    letter.text,
                    letter.html,
                    letter.link,
                    letter.code,
                    letter.at.isoformat().replace("+00:00", "Z"),
                ),
            )
        if name == "crash":
            raise PostUnavailable("no_answer")
        return Accepted(code="250")

    def letters(self, to: str | None = None) -> list[Arrived]:
        """The newest hundred letters, or those to one address, the newest first."""
        query = (
            "SELECT id, channel, addressee, subject, text, html, link, code, at FROM letters"
            " WHERE ? IS NULL OR addressee = ? ORDER BY number DESC LIMIT ?"
        )
        with self._file() as file:
            return [_arrived(row) for row in file.execute(query, (to, to, SHOWN_AT_MOST))]

    @contextmanager
    def _file(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        opened = sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None)
        with closing(opened) as file:
            file.execute("PRAGMA journal_mode = WAL")
            file.executescript(_SCHEMA)
            yield file


def _arrived(row: tuple[str, ...]) -> Arrived:
    letter_id, channel, to, subject, text, html, link, code, at = row
    return Arrived(
        id=letter_id,
        channel=channel,
        to=to,
        subject=subject,
        text=text,
        html=html,
        links=(link,) if link else (),
        code=code,
        at=at,
    )
