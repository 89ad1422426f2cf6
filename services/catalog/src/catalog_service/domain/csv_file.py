"""Reads a merchant's CSV a record at a time, from any position, in bounded memory.

RFC 4180 with either line ending. A quote that is never closed would swallow the rest of the file;
here it costs one row: reading goes on with the next line.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LONGEST_RECORD: Final = 256 * 1024  # bytes
MOST_LINES: Final = 200  # of one record
LONGEST_CELL: Final = 20_000  # characters

Lines = Iterator[tuple[bytes, int]]  # a line, cut off after LONGEST_RECORD, and its whole length


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of the file; ``size`` are its bytes. With a ``fault`` it could not be read."""

    cells: tuple[str, ...]
    size: int
    fault: str = ""


def lines_of(pieces: Iterator[bytes]) -> Lines:
    """The lines of a file that comes in pieces, each with its line end."""
    rest, length = b"", 0
    for piece in pieces:
        *whole, last = piece.split(b"\n")
        for one in whole:
            line = rest + one[: LONGEST_RECORD + 1] + b"\n"
            yield line[: LONGEST_RECORD + 1], length + len(one) + 1
            rest, length = b"", 0
        rest = (rest + last)[: LONGEST_RECORD + 1]
        length += len(last)
    if length:
        yield rest, length


def records(lines: Lines, *, encoding: str, columns: int | None) -> Iterator[Record]:
    """The records of these lines; each must have so many cells (None: any number).

    A line that holds nothing is a record without cells.
    """
    ahead: deque[tuple[bytes, int]] = deque()
    while first := _next(ahead, lines):
        taken = [first]
        _take_to_the_closing_quote(taken, ahead, lines)
        found = _parsed(taken, encoding, columns)
        if found.fault and len(taken) > 1:
            ahead.extendleft(reversed(taken[1:]))
            fault = f"{found.fault} A quote in this row may never be closed."
            found = Record(cells=(), size=first[1], fault=fault)
        yield found


def _next(ahead: deque[tuple[bytes, int]], lines: Lines) -> tuple[bytes, int] | None:
    return ahead.popleft() if ahead else next(lines, None)


def _take_to_the_closing_quote(
    taken: list[tuple[bytes, int]], ahead: deque[tuple[bytes, int]], lines: Lines
) -> None:
    size = taken[0][1]
    quotes = taken[0][0].count(b'"')
    while quotes % 2 and size <= LONGEST_RECORD and len(taken) < MOST_LINES:
        line = _next(ahead, lines)
        if line is None:
            return
        taken.append(line)
        quotes += line[0].count(b'"')
        size += line[1]


def _parsed(taken: list[tuple[bytes, int]], encoding: str, columns: int | None) -> Record:
    size = sum(length for _, length in taken)
    cells, fault = _cells(b"".join(line for line, _ in taken), size, encoding)
    if not fault and cells and columns is not None and len(cells) != columns:
        fault = f"The row has {len(cells)} cells, and the first row has {columns}."
    return Record(cells=cells, size=size, fault=fault)


def _cells(line: bytes, size: int, encoding: str) -> tuple[tuple[str, ...], str]:
    if size > LONGEST_RECORD:
        return (), f"The row is longer than {LONGEST_RECORD // 1024} KiB."
    if line.count(b'"') % 2:
        return (), "A quote in this row is never closed."
    try:
        text = line.decode(encoding).strip("\r\n")
        rows = list(csv.reader([text], strict=True)) if text else []
    except csv.Error as error:
        return (), f"The row cannot be read: {error}."
    cells = tuple(rows[0]) if rows else ()
    if any(len(cell) > LONGEST_CELL for cell in cells):
        return (), f"A cell has {LONGEST_CELL} characters at most."
    return cells if any(cell.strip() for cell in cells) else (), ""
