"""What things are called, per language; a copy of the catalogue's words."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Executable, select

from notification_service.store.tables import titles
from shop_events.sql import Upsert, on_conflict

Titles = dict[str, dict[str, str]]  # by SKU, then by one of our languages


def keep(connection: Connection, named: Titles, *, version: int) -> None:
    """Keep these titles, unless newer ones are known."""
    rows = [
        {"sku_id": sku_id, "locale": locale, "title": title, "version": version}
        for sku_id, by_locale in sorted(named.items())
        for locale, title in sorted(by_locale.items())
    ]
    if rows:
        connection.execute(on_conflict(connection, titles, _newer), rows)


def of(connection: Connection, sku_ids: Iterable[str]) -> Titles:
    """The titles of these SKUs; without those the catalogue never told of."""
    wanted = set(sku_ids)
    found: Titles = {}
    if wanted:
        for row in connection.execute(select(titles).where(titles.c.sku_id.in_(wanted))):
            found.setdefault(row.sku_id, {})[row.locale] = row.title
    return found


def _newer(row: Upsert) -> Executable:
    new = row.excluded
    return row.on_conflict_do_update(
        index_elements=["sku_id", "locale"],
        set_={"title": new.title, "version": new.version},
        where=titles.c.version < new.version,
    )
