"""Small look-ups that need no word of their own."""

from __future__ import annotations

from catalog_service.domain.category import Category
from catalog_service.store import analyser, categories, media, search
from catalog_service.store.media import Picture
from catalog_service.store.search import Wanted
from shop_events import Tx
from shop_events.sql import Connection

AT_MOST = 8


def category_at(connection: Connection, slug: str) -> Category:
    """The category with this slug, or that had it once.

    Raises:
        CategoryNotFound: none has, or had.
    """
    return categories.find(connection, slug)


def suggest(connection: Connection, start: str) -> list[str]:
    """Titles that begin so."""
    return search.suggestions(connection, start, at_most=AT_MOST)


def note_found_nothing(tx: Tx, wanted: Wanted) -> None:
    """Somebody looked for something in vain."""
    if wanted.words == (analyser.NOTHING,):
        return
    search.note_zero_result(tx.connection, wanted.words, at=tx.now)


def read_picture(connection: Connection, digest: str) -> Picture:
    """The picture with this digest.

    Raises:
        MediaNotFound: there is none.
    """
    return media.get(connection, digest)
