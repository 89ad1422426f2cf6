"""The shelves of the shop: a tree of five levels at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from catalog_service.domain.errors import CategoryLoop
from catalog_service.domain.text import Texts

DEEPEST: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One shelf. Its ``id`` stays; addresses show the ``slug``; ``path`` is ids from the root."""

    id: str
    slug: str
    parent_id: str | None
    path: tuple[str, ...]
    position: int
    titles: Texts


def path_below(category_id: str, slug: str, parent: Category | None) -> tuple[str, ...]:
    """Where a category lies that is put below ``parent``.

    Raises:
        CategoryLoop: it would lie below itself, or deeper than five levels.
    """
    above = parent.path if parent else ()
    if category_id in above:
        raise CategoryLoop(slug, "it would lie below itself")
    if len(above) >= DEEPEST:
        raise CategoryLoop(slug, f"the tree has {DEEPEST} levels at most")
    return (*above, category_id)
