"""Files that were handed in, how far each was worked through, and what was wrong in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from catalog_service.domain.errors import ImportNotFound
from catalog_service.store.tables import import_codes, import_errors, import_pieces, imports

PIECE_BYTES: Final = 256 * 1024
MOST_ERRORS: Final = 1_000
UNDER_WAY: Final = ("waiting", "running")


def add(connection: Connection, row: Mapping[str, Any], pieces: Iterable[bytes]) -> None:
    """Keep a file, to be worked through by and by."""
    counters = ("position", "rows_read", "rows_failed", "created", "changed", "unchanged")
    zeros = dict.fromkeys((*counters, "errors_count", "attempts"), 0)
    connection.execute(insert(imports), {**zeros, **row, "state": "waiting"})
    start = 0
    for piece in pieces:
        kept = {"import_id": row["id"], "start": start, "content": piece}
        connection.execute(insert(import_pieces), kept)
        start += len(piece)


def under_way_of(connection: Connection, merchant_id: str) -> str | None:
    """The merchant's import that is not through yet."""
    query = select(imports.c.id).where(
        imports.c.merchant_id == merchant_id, imports.c.state.in_(UNDER_WAY)
    )
    return connection.scalar(query)


def get(connection: Connection, import_id: str, *, merchant_id: str) -> Row[Any]:
    """The merchant's import.

    Raises:
        ImportNotFound: there is none, or it is somebody else's.
    """
    query = select(imports).where(imports.c.id == import_id, imports.c.merchant_id == merchant_id)
    row = connection.execute(query).first()
    if row is None:
        raise ImportNotFound(import_id)
    return row


def errors_of(connection: Connection, import_id: str) -> Sequence[Row[Any]]:
    """What was wrong, as far as it was kept, in the order of the rows."""
    query = select(import_errors).where(import_errors.c.import_id == import_id)
    return connection.execute(query.order_by(import_errors.c.number)).all()


def is_any_waiting(connection: Connection) -> bool:
    """Whether there is anything to work at."""
    query = select(imports.c.id).where(imports.c.state.in_(UNDER_WAY)).limit(1)
    return connection.execute(query).first() is not None


def take(connection: Connection) -> Row[Any] | None:
    """An import that nobody else works at: the one that failed least, then the oldest."""
    query = select(imports).where(imports.c.state.in_(UNDER_WAY))
    query = query.order_by(imports.c.attempts, imports.c.id).limit(1)
    return connection.execute(query.with_for_update(skip_locked=True)).first()


def pieces_from(connection: Connection, import_id: str, position: int) -> Iterator[bytes]:
    """The file from this byte on, a piece at a time."""
    while True:
        query = (
            select(import_pieces)
            .where(import_pieces.c.import_id == import_id, import_pieces.c.start <= position)
            .order_by(import_pieces.c.start.desc())
            .limit(1)
        )
        row = connection.execute(query).first()
        if row is None or position >= row.start + len(row.content):
            return
        yield bytes(row.content)[position - row.start :]
        position = row.start + len(row.content)


def note(connection: Connection, task: Row[Any], done: Mapping[str, int | str | None]) -> None:
    """Keep how far it came."""
    connection.execute(update(imports).where(imports.c.id == task.id).values(**done))


def add_errors(
    connection: Connection, task: Row[Any], faults: Sequence[tuple[int, str, str]]
) -> None:
    """Keep what is wrong (row, column, sentence), a thousand of it at most."""
    start = task.errors_count
    rows = [
        {
            "import_id": task.id,
            "number": number,
            "row": row,
            "column": column[:64],
            "message": message[:500],
        }
        for number, (row, column, message) in enumerate(faults, start=start)
        if number < MOST_ERRORS
    ]
    if rows:
        connection.execute(insert(import_errors), rows)


def known_codes(connection: Connection, import_id: str, codes: Sequence[str]) -> dict[str, int]:
    """The rows in which this file named these SKU codes already."""
    query = select(import_codes.c.code, import_codes.c.row).where(
        import_codes.c.import_id == import_id, import_codes.c.code.in_(codes)
    )
    return {row.code: row.row for row in connection.execute(query)}


def known_products(connection: Connection, import_id: str, ids: Sequence[str]) -> set[str]:
    """Those of these products that this file named in an earlier batch."""
    query = select(import_codes.c.external_id).where(
        import_codes.c.import_id == import_id, import_codes.c.external_id.in_(ids)
    )
    return set(connection.scalars(query.distinct()))


def add_codes(
    connection: Connection, import_id: str, named: Iterable[tuple[str, str, int]]
) -> None:
    """This file named these codes (code, external id, row)."""
    rows = [
        {"import_id": import_id, "code": code, "external_id": external_id, "row": row}
        for code, external_id, row in named
    ]
    if rows:
        connection.execute(insert(import_codes), rows)


def end(connection: Connection, import_id: str, *, state: str, at: datetime) -> None:
    """It is over; the file is not needed any more."""
    ended = update(imports).where(imports.c.id == import_id)
    connection.execute(ended.values(state=state, ended_at=at))
    for part in (import_pieces, import_codes):
        connection.execute(delete(part).where(part.c.import_id == import_id))


def forget_before(connection: Connection, before: datetime) -> int:
    """Forget what ended before then; how many."""
    old = select(imports.c.id).where(imports.c.ended_at < before).scalar_subquery()
    connection.execute(delete(import_errors).where(import_errors.c.import_id.in_(old)))
    return int(connection.execute(delete(imports).where(imports.c.ended_at < before)).rowcount)
