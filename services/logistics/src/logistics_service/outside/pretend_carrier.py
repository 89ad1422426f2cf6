"""A carrier that exists on this machine only, for tests, demos and development.

It keeps its own book in a file of its own, which survives ``kill -9``: after a crash it can be
asked what it was really told, and it never draws two waybills for one parcel. It pushes in the
form and the codes of the carrier whose profile it has, signed as always.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from logistics_service.domain.trace import Note, Sighting, Trace
from logistics_service.outside.carrier import Carriers, CarrierUnavailable, Contract, Profile
from logistics_service.outside.profiles import profile_of
from logistics_service.outside.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from logistics_service.outside.spoken import spoken

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS bookings (
    number INTEGER PRIMARY KEY AUTOINCREMENT, parcel_id TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS seen (
    event_id TEXT PRIMARY KEY, waybill TEXT NOT NULL, state TEXT NOT NULL, place TEXT NOT NULL,
    at TEXT NOT NULL, note TEXT, signer TEXT, proof TEXT
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

    def __init__(self, path: Path, *, secret: bytes, profile: Profile | None = None) -> None:
        self._path = path
        self._secret = secret
        self.profile = profile or profile_of(path.stem)

    def book(self, parcel_id: str) -> str:
        """A waybill for the parcel, the same one each time.

        Raises:
            CarrierUnavailable: somebody made it be quiet, or its file cannot be used.
        """
        with self._answering() as file:
            insert = "INSERT INTO bookings (parcel_id) VALUES (?) ON CONFLICT DO NOTHING"
            file.execute(insert, (parcel_id,))
            find = "SELECT number FROM bookings WHERE parcel_id = ?"
            (number,) = file.execute(find, (parcel_id,)).fetchone()
        return self._waybill(number)

    def track(self, waybill: str) -> Sequence[Trace]:
        """All it saw of the parcel, the earliest first.

        Raises:
            CarrierUnavailable: somebody made it be quiet, or its file cannot be used.
        """
        with self._answering() as file:
            return _seen_in(file, waybill, self._path.stem)

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
        seen = Trace(
            carrier=self._path.stem,
            event_id=uuid4().hex,
            state=Sighting(state),
            place=place,
            at=at.replace(microsecond=0),  # as exact as its pushes are
        )
        self.note(waybill, seen)
        return self.push(waybill, [seen], sent_at=sent_at or at)

    def note(self, waybill: str, seen: Trace) -> None:
        """Write into its book what it saw, and tell nobody yet."""
        people = (seen.note, seen.signer, seen.proof)
        row = (seen.event_id, waybill, seen.state, seen.place, seen.at.isoformat(), *people)
        with self._file() as file:
            file.execute("INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def push(self, waybill: str, seen: Sequence[Trace], *, sent_at: datetime) -> Push:
        """The signed push that tells these, as this carrier writes it."""
        return self._signed(spoken(self.profile, waybill, seen), sent_at)

    def pushes(self, *, sent_at: datetime) -> list[Push]:
        """All it ever saw, told again: carriers repeat themselves for days."""
        with self._file() as file:
            rows = file.execute("SELECT waybill FROM seen ORDER BY at, event_id").fetchall()
            seen = [
                (row[0], _seen_in(file, row[0], self._path.stem)) for row in dict.fromkeys(rows)
            ]
        return [
            self.push(waybill, [one], sent_at=sent_at) for waybill, traces in seen for one in traces
        ]

    def _signed(self, said: Mapping[str, Any], sent_at: datetime) -> Push:
        body = json.dumps(said, ensure_ascii=False).encode()
        timestamp = str(int(sent_at.timestamp()))
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP_HEADER: timestamp,
            SIGNATURE_HEADER: sign(self._secret, timestamp, body),
        }
        return Push(headers=headers, body=body)

    def _waybill(self, number: int) -> str:
        return f"{self.profile.prefix}{number:010d}"

    @contextmanager
    def _answering(self) -> Iterator[sqlite3.Connection]:
        if self._path.with_name(self._path.name + ".down").exists():
            raise CarrierUnavailable("The pretend carrier was told to be quiet.")
        try:
            with self._file() as file:
                yield file
        except sqlite3.Error as error:
            raise CarrierUnavailable("The pretend carrier's book cannot be used.") from error

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


def _seen_in(file: sqlite3.Connection, waybill: str, carrier: str) -> list[Trace]:
    query = "SELECT event_id, state, place, at, note, signer, proof FROM seen WHERE waybill = ?"
    rows = file.execute(f"{query} ORDER BY at, event_id", (waybill,)).fetchall()
    return [
        Trace(
            carrier=carrier,
            event_id=event_id,
            state=Sighting(state),
            place=place,
            at=datetime.fromisoformat(at),
            note=None if note is None else Note(note),
            signer=signer,
            proof=proof,
        )
        for event_id, state, place, at, note, signer, proof in rows
    ]


def pretend_carriers(secrets: Mapping[str, tuple[bytes, ...]], folder: Path) -> Carriers:
    """A pretend carrier for each name; its book is ``<folder>/<name>.db``."""
    return Carriers(
        contracts={
            name: Contract(
                carrier=PretendCarrier(folder / f"{name}.db", secret=known[0]),
                secrets=known,
                profile=profile_of(name),
            )
            for name, known in secrets.items()
        }
    )
