"""What services still have to do by themselves, without an event or a deadline that calls them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import ColumnElement, select

from catalog_service.store import tables as catalog
from notification_service.store import tables as notification
from shop_events import Database

_DUE: Final = "due"
_IMPORTING: Final = ("waiting", "running")


def waiting(databases: Mapping[str, Database]) -> Iterator[str]:
    """A sentence for each errand that may be run now: a mail, an import, products told anew."""
    if "notification" in databases:
        now = databases["notification"].clock.now()
        letter = notification.deliveries.c
        late = (letter.state == _DUE) & (letter.due_at <= now)
        for one in _found(databases["notification"], letter.notice_id, late):
            yield f"I5: the notice {one} was not sent yet."
    if "catalog" in databases:
        restated, imported = catalog.restatements.c, catalog.imports.c
        for one in _found(databases["catalog"], restated.key, restated.key.is_not(None)):
            yield f"I5: the products of {one} are still to be told anew."
        for one in _found(databases["catalog"], imported.id, imported.state.in_(_IMPORTING)):
            yield f"I5: the import {one} has not ended."


def _found(database: Database, column: ColumnElement[str], where: ColumnElement[bool]) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(column).where(where)).scalars())
