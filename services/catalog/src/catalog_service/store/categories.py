"""The tree of categories. It is small: whoever needs it reads it whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, text, update

from catalog_service.domain.category import Category
from catalog_service.domain.errors import CategoryNotFound
from catalog_service.store import texts
from catalog_service.store.tables import categories, listings, old_slugs


def all_of_them(connection: Connection) -> list[Category]:
    """Every category, in the order people see them."""
    query = select(categories).order_by(categories.c.position, categories.c.id)
    return [_category(row) for row in connection.execute(query)]


def find(connection: Connection, slug: str) -> Category:
    """The category with this slug, or that had it once.

    Raises:
        CategoryNotFound: no category has it, or had.
    """
    found = maybe(connection, slug)
    if found is None:
        raise CategoryNotFound(slug)
    return found


def maybe(connection: Connection, slug: str) -> Category | None:
    """The category with this slug, or that had it once; None: there is none."""
    moved = select(old_slugs.c.category_id).where(old_slugs.c.slug == slug)
    query = select(categories).where(
        (categories.c.slug == slug) | categories.c.id.in_(moved.scalar_subquery())
    )
    row = connection.execute(query).first()
    return None if row is None else _category(row)


def hold(connection: Connection, slug: str) -> Category | None:
    """As `maybe`, and it does not move until this transaction ends."""
    found = maybe(connection, slug)
    if found is None:
        return None
    query = select(categories).where(categories.c.id == found.id).with_for_update(read=True)
    return _category(connection.execute(query).one())


def lock_all(connection: Connection) -> None:
    """Let nobody else change the tree, or put something on a shelf of it, for now."""
    if connection.dialect.name == "postgresql":  # SQLite lets one write at a time anyway
        connection.execute(text("LOCK TABLE categories IN EXCLUSIVE MODE"))


def paths_of(connection: Connection, ids: list[str]) -> dict[str, tuple[str, ...]]:
    """Where these categories lie now, held there until this transaction ends."""
    query = select(categories.c.id, categories.c.path).where(categories.c.id.in_(ids))
    rows = connection.execute(query.order_by(categories.c.id).with_for_update(read=True))
    return {row.id: _path(row.path) for row in rows}


def add(connection: Connection, category: Category) -> None:
    """Put in a new one."""
    connection.execute(insert(categories), _row(category))


def save(connection: Connection, category: Category) -> None:
    """Write one that is there."""
    connection.execute(update(categories).where(categories.c.id == category.id), _row(category))


def keep_slug(connection: Connection, slug: str, category_id: str) -> None:
    """A slug that is no more leads on to its category."""
    connection.execute(insert(old_slugs), {"slug": slug, "category_id": category_id})


def forget_slug(connection: Connection, slug: str) -> None:
    """The category took its old slug again."""
    connection.execute(old_slugs.delete().where(old_slugs.c.slug == slug))


def counts(connection: Connection) -> Mapping[str, int]:
    """How many products are for sale in each category itself, by its path."""
    query = select(listings.c.category_path, func.count()).group_by(listings.c.category_path)
    return {row[0]: row[1] for row in connection.execute(query)}


def _category(row: Row[Any]) -> Category:
    return Category(
        id=row.id,
        slug=row.slug,
        parent_id=row.parent_id,
        path=_path(row.path),
        position=row.position,
        titles=texts.read(row.titles),
    )


def _path(text: str) -> tuple[str, ...]:
    return tuple(text.split("/")[:-1])


def _row(one: Category) -> dict[str, Any]:
    return {
        "id": one.id,
        "slug": one.slug,
        "parent_id": one.parent_id,
        "path": "".join(f"{part}/" for part in one.path),
        "position": one.position,
        "titles": texts.write(dict(one.titles)),
    }
