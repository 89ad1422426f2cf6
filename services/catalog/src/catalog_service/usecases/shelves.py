"""The category a file's cell means: a slug, or titles from the root on, ``Home > Cups``."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from catalog_service.domain.category import Category, path_below
from catalog_service.domain.errors import UnknownReference
from catalog_service.store import categories
from shop_events import Tx

MOST_NEW: Final = 50  # in one batch: a file of fantasies shall not fill the tree
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Shelves:
    """The tree as it is while a batch is imported, and as the batch makes it."""

    def __init__(self, tx: Tx, *, create: bool, dry_run: bool) -> None:
        """``create``: what is missing is made, unless it is a ``dry_run``."""
        self._tx = tx
        self._create = create
        self._dry_run = dry_run
        if create and not dry_run:
            categories.lock_all(tx.connection)
        self._all = categories.all_of_them(tx.connection)
        self._new = 0
        self._held: dict[str, tuple[str, ...]] = {}

    def path_of(self, cell: str) -> tuple[str, ...]:
        """Where the category lies that ``cell`` names; it stays there in this transaction.

        Raises:
            UnknownReference: there is none, and none is to be made.
        """
        found = next((one for one in self._all if one.slug == cell), None)
        for part in () if found else (part.strip() for part in cell.split(">")):
            found = self._below(found, part, cell)
        if found is None:
            raise UnknownReference("category", "No category is named.")
        if found.id not in self._held:
            held = categories.paths_of(self._tx.connection, [found.id])
            self._held[found.id] = held.get(found.id, found.path)
        return self._held[found.id]

    def _below(self, above: Category | None, part: str, cell: str) -> Category:
        parent_id = above.id if above else None
        for one in self._all:
            if one.parent_id == parent_id and part in (one.slug, *one.titles.values()):
                return one
        if not self._create:
            words = f"There is no category {cell[:80]!r}; it is a slug, or titles as in A > B."
            raise UnknownReference("category", words)
        return self._made(above, part)

    def _made(self, above: Category | None, title: str) -> Category:
        if not 0 < len(title) <= 60 or self._new >= MOST_NEW:
            words = f"{title[:60]!r} is not made: a title has 1 to 60 characters, a batch few."
            raise UnknownReference("category", words)
        slug = self._slug(above, title)
        made = Category(
            id=slug,
            slug=slug,
            parent_id=above.id if above else None,
            path=path_below(slug, slug, above),
            position=len(self._all),
            titles={"en" if title.isascii() else "zh-CN": title},
        )
        self._new += 1
        self._all.append(made)
        if not self._dry_run:
            categories.add(self._tx.connection, made)
        return made

    def _slug(self, above: Category | None, title: str) -> str:
        """The title, if that makes a slug that is free; or one that is sure to be."""
        plain = title.lower().replace(" ", "-")
        free = categories.maybe(self._tx.connection, plain) is None
        if _SLUG.fullmatch(plain) and free and all(one.slug != plain for one in self._all):
            return plain
        words = "/".join((*(above.path if above else ()), title))
        return f"c-{hashlib.sha256(words.encode()).hexdigest()[:12]}"
