"""Take a merchant's file in: read it once for its encoding and its first row, then keep it."""

from __future__ import annotations

import codecs
import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import IO, Final

from catalog_service.domain.csv_file import lines_of, records
from catalog_service.domain.errors import ImportUnderWay, NotReadable
from catalog_service.domain.import_row import header_faults
from catalog_service.store import imports, told
from shop_events import Tx

ENCODINGS: Final = ("utf-8-sig", "gb18030")  # the latter holds GBK and GB 2312
_IN_MEMORY: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that can be worked through. It lies on the disk and not in memory.

    ``digest`` is a SHA-256 of its bytes, by which the same file is known again.
    """

    content: IO[bytes]
    size: int
    digest: bytes
    encoding: str = ""

    def pieces(self, size: int) -> Iterator[bytes]:
        """Its bytes from the start, so many at a time."""
        self.content.seek(0)
        while piece := self.content.read(size):
            yield piece


@contextmanager
def received(pieces: Iterable[bytes]) -> Iterator[File]:
    """The file that comes in these pieces; it is gone at the end of the block.

    Raises:
        NotReadable: it is empty, neither UTF-8 nor GBK, or its first row is not what it should be;
            each faulty column is told.
    """
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as content:
        yield _read_in(pieces, content)


def _read_in(pieces: Iterable[bytes], content: IO[bytes]) -> File:
    digest = hashlib.sha256()
    for piece in pieces:
        if b"\x00" in piece:
            raise NotReadable("The file holds NUL bytes: it is no CSV, or it is UTF-16.")
        digest.update(piece)
        content.write(piece)
    size = content.tell()
    if not size:
        raise NotReadable("The file is empty; send CSV with a first row of column names.")
    file = File(content=content, size=size, digest=digest.digest())
    file = replace(file, encoding=_encoding_of(file))
    header_of(file.pieces(imports.PIECE_BYTES), file.encoding)
    return file


def start_import(
    tx: Tx, file: File, *, merchant_id: str, by: str, dry_run: bool, create_categories: bool
) -> str:
    """Keep the file, to be worked through by the worker; the import's id.

    Raises:
        ImportUnderWay: the merchant's last one is not through yet.
    """
    told.may_sell(tx.connection, [merchant_id])
    if running := imports.under_way_of(tx.connection, merchant_id):
        raise ImportUnderWay(running)
    row = {
        "id": tx.new_id(),
        "merchant_id": merchant_id,
        "by": by,
        "dry_run": dry_run,
        "create_categories": create_categories,
        "encoding": file.encoding,
        "size": file.size,
        "started_at": tx.now,
    }
    imports.add(tx.connection, row, file.pieces(imports.PIECE_BYTES))
    tx.left_work = True  # wakes the chore
    return str(row["id"])


def header_of(pieces: Iterator[bytes], encoding: str) -> tuple[tuple[str, ...], int]:
    """The column names in the first row, and how many bytes it takes.

    Raises:
        NotReadable: a column is missing, unknown or there twice.
    """
    first = next(records(lines_of(pieces), encoding=encoding, columns=None))
    names = tuple(cell.strip().lower() for cell in first.cells)
    if first.fault or not names:
        raise NotReadable(f"The first row must name the columns. {first.fault}".strip())
    if faults := header_faults(names):
        raise NotReadable(f"The first row names wrong columns: {', '.join(faults)}.", faults)
    return names, first.size


def _encoding_of(file: File) -> str:
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for piece in file.pieces(imports.PIECE_BYTES):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise NotReadable("The file is neither UTF-8 nor GBK; save it as “CSV UTF-8”.")
