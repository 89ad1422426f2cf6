"""Put up a category, name it, or move it with all that lies in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from catalog_service.domain.category import Category, path_below
from catalog_service.domain.category_errors import CategoryStale
from catalog_service.domain.errors import CategoryNotFound, SlugTaken, UnknownReference
from catalog_service.domain.text import Texts
from catalog_service.store import categories, told
from shop_events import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryEdit:
    """What an admin says of a category. ``slug``: another one, at which it is found from now on."""

    parent: str | None
    titles: Texts
    position: int = 0
    slug: str | None = None


def put_category(
    tx: Tx, slug: str, wanted: CategoryEdit, *, has_seen: Callable[[Category | None], bool]
) -> tuple[Category, bool]:
    """The category as it is now, and whether it is new; a repeat changes nothing.

    An old slug leads on to the new one. Its products are told of their new place by and by
    (`restate_products`). ``has_seen`` says whether the caller knows what is there now.

    Raises:
        CategoryStale: he does not.
        UnknownReference: there is no such parent.
        SlugTaken: the slug is, or was, another category's.
        CategoryLoop: it would lie below itself, or too deep.
    """
    categories.lock_all(tx.connection)
    known = categories.maybe(tx.connection, slug)
    if not has_seen(known):
        raise CategoryStale(slug)
    above = _parent(tx, wanted.parent)
    if known is None:
        made = Category(
            id=slug,
            slug=slug,
            parent_id=above.id if above else None,
            path=path_below(slug, slug, above),
            position=wanted.position,
            titles=wanted.titles,
        )
        categories.add(tx.connection, made)
        return made, True
    path = path_below(known.id, slug, above)
    changed = replace(
        known,
        parent_id=above.id if above else None,
        path=path,
        position=wanted.position,
        titles=wanted.titles,
        slug=_renamed(tx, known, wanted.slug),
    )
    categories.save(tx.connection, changed)
    if path != known.path:
        _move_all_below(tx, known, changed)
    return changed, False


def _parent(tx: Tx, slug: str | None) -> Category | None:
    if slug is None:
        return None
    try:
        return categories.find(tx.connection, slug)
    except CategoryNotFound as error:
        raise UnknownReference("parent", f"There is no category {slug}.") from error


def _renamed(tx: Tx, known: Category, new_slug: str | None) -> str:
    if new_slug is None or new_slug == known.slug:
        return known.slug
    holder = categories.maybe(tx.connection, new_slug)
    if holder is not None and holder.id != known.id:
        raise SlugTaken(new_slug)
    if holder is not None:
        categories.forget_slug(tx.connection, new_slug)
    categories.keep_slug(tx.connection, known.slug, known.id)
    return new_slug


def _move_all_below(tx: Tx, before: Category, after: Category) -> None:
    depth = len(before.path)
    for one in categories.all_of_them(tx.connection):
        if one.path[:depth] == before.path and one.id != before.id:
            path = after.path
            for part in one.path[depth:]:
                path = path_below(part, one.slug, replace(after, path=path))
            categories.save(tx.connection, replace(one, path=path))
        if one.id == before.id or one.path[:depth] == before.path:
            told.ask_restatement(tx.connection, "category", one.id)
