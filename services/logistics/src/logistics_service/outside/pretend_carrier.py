"""A carrier that exists on this machine only, for tests, demos and development.

It keeps its own book in a file of its own, which survives ``kill -9``: after a crash it can be
asked what it was really told, and it never draws two waybills for one parcel.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from logistics_service.outside.carrier import Carriers, CarrierUnavailable, Contract
from logistics_service.outside.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS bookings (
    number INTEGER PRIMARY KEY AUTOINCREMENT, parcel_id TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS sightings (
    event_id TEXT PRIMARY KEY, waybill TEXT NOT NULL, state TEXT NOT NULL, place TEXT NOT NULL,
    at TEXT NOT NULL
);
"""
_BUSY_S: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Push:
    """A signed message, ready to be sent to our webhook."""

    headers: dict[str, str]
    body: bytes


class PretendCarrier:
    """Books at once and carries nothing. It is quiet while the file ``<path>.down`` exists."""

    def __init__(self, path: Path, *, secret: bytes, prefix: str = "PT") -> None:
        self._path = path
        self._secret = secret
        self._prefix = prefix

    def book(self, parcel_id: str) -> str:
        """A waybill for the parcel, the same one each time.

        Raises:
            CarrierUnavailable: somebody made it be quiet, or its file cannot be used.
        """
        if self._path.with_name(self._path.name + ".down").exists():
            raise CarrierUnavailable("The pretend carrier was told to be quiet.")
        try:
            with self._file() as file:
                insert = "INSERT INTO bookings (parcel_id) VALUES (?) ON CONFLICT DO NOTHING"
                file.execute(insert, (parcel_id,))
                find = "SELECT number FROM bookings WHERE parcel_id = ?"
                (number,) = file.execute(find, (parcel_id,)).fetchone()
        except sqlite3.Error as error:
            raise CarrierUnavailable("The pretend carrier's book cannot be used.") from error
        return self._waybill(number)

    def bookings(self) -> dict[str, str]:
        """What it was really asked for: waybills by parcel id."""
        with self._file() as file:
            rows = file.execute("SELECT parcel_id, number FROM bookings ORDER BY number").fetchall()
        return {parcel_id: self._waybill(number) for parcel_id, number in rows}

    def sees(
        self,
        waybill: str,
        state: str,
        *,
        place: str,
        at: datetime,
        sent_at: datetime | None = None,
    ) -> Push:
        """The push that tells where the parcel is; written into its book first."""
        event_id = uuid4().hex
        row = (event_id, waybill, state, place, at.isoformat())
        with self._file() as file:
            file.execute("INSERT INTO sightings VALUES (?, ?, ?, ?, ?)", row)
        return self._push(row, sent_at or at)

    def pushes(self, *, sent_at: datetime) -> list[Push]:
        """All it ever saw, told again: carriers repeat themselves for days."""
        with self._file() as file:
            rows = file.execute("SELECT * FROM sightings ORDER BY at, event_id").fetchall()
        return [self._push(row, sent_at) for row in rows]

    def _push(self, row: tuple[str, str, str, str, str], sent_at: datetime) -> Push:
        names = ("event_id", "waybill", "state", "place", "at")
        body = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False).encode()
        timestamp = str(int(sent_at.timestamp()))
        signature = sign(self._secret, timestamp, body)
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP_HEADER: timestamp,
            SIGNATURE_HEADER: signature,
        }
        return Push(headers=headers, body=body)

    def _waybill(self, number: int) -> str:
        return f"{self._prefix}{number:010d}"

    @contextmanager
    def _file(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = sqlite3.connect(self._path, timeout=_BUSY_S, isolation_level=None)
        try:
            file.execute("PRAGMA synchronous = FULL")
            file.executescript(_TABLES)
            file.execute("BEGIN IMMEDIATE")
            yield file
            file.execute("COMMIT")
        finally:
            file.close()


def pretend_carriers(secrets: Mapping[str, tuple[bytes, ...]], folder: Path) -> Carriers:
    """A pretend carrier for each name; its book is ``<folder>/<name>.db``."""
    return Carriers(
        contracts={
            name: Contract(
                carrier=PretendCarrier(folder / f"{name}.db", secret=known[0]), secrets=known
            )
            for name, known in secrets.items()
        }
    )
