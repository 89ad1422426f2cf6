"""Work through a merchant's file, a batch of rows at a time.

The position is kept in the transaction that holds the rows' effects: a worker that dies in between
repeats nothing and leaves nothing out.
"""

from __future__ import annotations

from itertools import islice
from typing import Any, Final

from catalog_service.domain.csv_file import lines_of, records
from catalog_service.domain.import_row import Row, read_row
from catalog_service.store import imports
from catalog_service.usecases.import_batch import Batch, import_rows
from catalog_service.usecases.start_import import header_of
from shop_events import Tx
from shop_events.sql import Connection

ROWS_AT_ONCE: Final = 100
MOST_ATTEMPTS: Final = 5


def is_any_import(connection: Connection) -> bool:
    """Whether there is anything to work at; asked often, so it only reads."""
    return imports.is_any_waiting(connection)


def work_import(tx: Tx) -> int:
    """Do the next rows of an import; how many. Publishes ProductChanged."""
    task = imports.take(tx.connection)
    if task is None:
        return 0
    batch, position = _read_batch(tx, task)
    import_rows(tx, task, batch)
    imports.add_errors(tx.connection, task, batch.faults)
    over = position >= task.size
    imports.note(
        tx.connection,
        task,
        {
            "state": "running",
            "position": position,
            "rows_read": task.rows_read + batch.rows_read,
            "rows_failed": task.rows_failed + len(batch.failed),
            "created": task.created + batch.created,
            "changed": task.changed + batch.changed,
            "unchanged": task.unchanged + batch.unchanged,
            "errors_count": task.errors_count + len(batch.faults),
        },
    )
    if over:
        imports.end(tx.connection, task.id, state="done", at=tx.now)
    return max(1, batch.rows_read)


def note_failure(tx: Tx) -> None:
    """A batch failed for a reason of our own: after five times its import is given up.

    Whoever waits behind it comes first meanwhile.
    """
    task = imports.take(tx.connection)
    if task is None:
        return
    imports.note(tx.connection, task, {"attempts": task.attempts + 1})
    if task.attempts + 1 >= MOST_ATTEMPTS:
        words = "Something went wrong on our side; what came before this row is in the catalogue."
        imports.add_errors(tx.connection, task, [(task.rows_read + 2, "", words)])
        imports.note(tx.connection, task, {"errors_count": task.errors_count + 1})
        imports.end(tx.connection, task.id, state="failed", at=tx.now)


def _read_batch(tx: Tx, task: Any) -> tuple[Batch, int]:
    start = imports.pieces_from(tx.connection, task.id, 0)
    names, header_size = header_of(start, task.encoding)
    position = task.position or header_size
    rest = lines_of(imports.pieces_from(tx.connection, task.id, position))
    batch = Batch()
    found = records(rest, encoding=task.encoding.removesuffix("-sig"), columns=len(names))
    for one in islice(found, ROWS_AT_ONCE):
        position += one.size
        if not one.cells and not one.fault:
            continue
        batch.rows_read += 1
        number = task.rows_read + batch.rows_read + 1  # the first row names the columns
        if one.fault:
            batch.fail(number, "", one.fault)
        else:
            _read_into(batch, number, dict(zip(names, one.cells, strict=True)))
    return batch, position


def _read_into(batch: Batch, number: int, cells: dict[str, str]) -> None:
    row: Row | None
    row, faults = read_row(number, cells)
    for column, words in faults:
        batch.fail(number, column, words)
    if row is not None:
        batch.rows.append(row)
