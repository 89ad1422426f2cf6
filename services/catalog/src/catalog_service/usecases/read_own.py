"""A merchant looks at what is his, drafts and all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalog_service.domain.errors import ProductNotFound
from catalog_service.domain.product import Product, Status
from catalog_service.store import imports, media, products, texts
from shop_events.sql import Connection


def read_own(connection: Connection, product_id: str, *, merchant_id: str) -> Product:
    """One of the merchant's products.

    Raises:
        ProductNotFound: there is none, or it is somebody else's.
    """
    found = products.get(connection, [product_id], of=merchant_id).get(product_id)
    if found is None:
        raise ProductNotFound(product_id)
    return found


def read_page(
    connection: Connection, merchant_id: str, *, status: Status | None, after: str, at_most: int
) -> list[Product]:
    """The merchant's products, the oldest first, after the product ``after``."""
    return products.list_of(connection, merchant_id, status=status, after=after, at_most=at_most)


def read_history(
    connection: Connection, product_id: str, merchant_id: str, *, before: int | None, at_most: int
) -> list[dict[str, Any]]:
    """What the product was, the newest first.

    Raises:
        ProductNotFound: there is none, or it is somebody else's.
    """
    read_own(connection, product_id, merchant_id=merchant_id)
    rows = products.versions_of(connection, product_id, before=before, at_most=at_most)
    return [
        {
            "version": row.version,
            "at": row.at,
            "by": row.by,
            "why": row.why,
            "product": texts.read(row.snapshot),
        }
        for row in rows
    ]


def read_pictures(
    connection: Connection, merchant_id: str, *, after: str, at_most: int
) -> Sequence[Any]:
    """The merchant's pictures, by digest."""
    return media.list_of(connection, merchant_id, after=after, at_most=at_most)


def read_import(
    connection: Connection, import_id: str, merchant_id: str
) -> tuple[Any, Sequence[Any]]:
    """An import of the merchant's, and what was wrong in it.

    Raises:
        ImportNotFound: there is none, or it is somebody else's.
    """
    row = imports.get(connection, import_id, merchant_id=merchant_id)
    return row, imports.errors_of(connection, import_id)
