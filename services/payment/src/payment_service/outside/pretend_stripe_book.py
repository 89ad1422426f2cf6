"""What the pretend card provider keeps: intents, refunds, cards' tokens, first answers, news."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, Final

from shop_events import new_id

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS intents (id TEXT PRIMARY KEY, doc TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refunds (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, intent TEXT NOT NULL, doc TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS cards (
    token TEXT PRIMARY KEY, brand TEXT NOT NULL, last4 TEXT NOT NULL, ways TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, asked TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL,
    told INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    due_at REAL NOT NULL DEFAULT 0);
"""

Doc = dict[str, Any]


def name(prefix: str) -> str:
    """A new name as the provider gives them."""
    return f"{prefix}_{new_id().replace('-', '')}"


def save_intent(book: sqlite3.Connection, intent: Doc) -> None:
    """Write an intent as it stands."""
    book.execute(
        "INSERT INTO intents VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc",
        (intent["id"], json.dumps(intent)),
    )


def intent(book: sqlite3.Connection, ref: str) -> Doc | None:
    """The intent of this name."""
    row = book.execute("SELECT doc FROM intents WHERE id = ?", (ref,)).fetchone()
    return None if row is None else json.loads(row[0])


def intents(book: sqlite3.Connection) -> list[Doc]:
    """All intents."""
    return [json.loads(doc) for (doc,) in book.execute("SELECT doc FROM intents ORDER BY id")]


def save_refund(book: sqlite3.Connection, refund: Doc) -> None:
    """Write a refund as it stands."""
    book.execute(
        "INSERT INTO refunds (id, intent, doc) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET doc = excluded.doc",
        (refund["id"], refund["payment_intent"], json.dumps(refund)),
    )


def refunds(book: sqlite3.Connection, ref: str | None = None) -> list[Doc]:
    """The refunds of an intent (of all, without one), the newest first as the provider lists."""
    query = "SELECT doc FROM refunds WHERE intent = ? OR ? IS NULL ORDER BY number DESC"
    return [json.loads(doc) for (doc,) in book.execute(query, (ref, ref))]


def gone_back(book: sqlite3.Connection, ref: str) -> int:
    """What went back of an intent, or is about to, in minor units."""
    under_way = [one for one in refunds(book, ref) if one["status"] in ("succeeded", "pending")]
    return sum(one["amount"] for one in under_way)


def save_card(book: sqlite3.Connection, token: str, seen: tuple[str, str], ways: str) -> None:
    """Keep what a token stands for: brand and last four digits, and the test card it is like."""
    book.execute("INSERT INTO cards VALUES (?, ?, ?, ?)", (token, *seen, ways))


def ways_of(book: sqlite3.Connection, token: str) -> str:
    """The test card that a token of the form is like; any other token is one by itself."""
    row = book.execute("SELECT ways FROM cards WHERE token = ?", (token,)).fetchone()
    return token if row is None else str(row[0])


def first_answer(book: sqlite3.Connection, key: str) -> tuple[str, int, str] | None:
    """What was asked with this idempotency key, and the status and body of the first answer."""
    query = "SELECT asked, status, body FROM answers WHERE key = ?"
    row: tuple[str, int, str] | None = book.execute(query, (key,)).fetchone()
    return row


def keep_answer(book: sqlite3.Connection, key: str, asked: str, answer: tuple[int, str]) -> None:
    """Keep the first answer to an idempotency key."""
    book.execute("INSERT INTO answers VALUES (?, ?, ?, ?)", (key, asked, *answer))


def add_event(book: sqlite3.Connection, kind: str, about: Doc, *, created: int) -> None:
    """Something happened that is to be told."""
    event = {
        "id": name("evt"),
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": created,
        "livemode": False,
        "type": kind,
        "data": {"object": about},
        "pending_webhooks": 1,
    }
    book.execute("INSERT INTO events (id, body) VALUES (?, ?)", (event["id"], json.dumps(event)))


def events(book: sqlite3.Connection, *, due: float | None = None) -> list[tuple[str, str, int]]:
    """The id, body and number of attempts of each untold event (of those due by ``due``)."""
    query = (
        "SELECT id, body, attempts FROM events"
        " WHERE told = 0 AND (due_at <= ? OR ? IS NULL) ORDER BY number LIMIT 100"
    )
    return list(book.execute(query, (due, due)).fetchall())


def note_told(book: sqlite3.Connection, event_id: str) -> None:
    """Its listener has it."""
    book.execute("UPDATE events SET told = 1 WHERE id = ?", (event_id,))


def put_off(book: sqlite3.Connection, event_id: str, due: float) -> None:
    """Its listener did not take it; tell it again."""
    book.execute(
        "UPDATE events SET attempts = attempts + 1, due_at = ? WHERE id = ?", (due, event_id)
    )
