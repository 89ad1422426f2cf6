"""A merchant looks at what is his, drafts and all."""

from __future__ import annotations

from catalog_service.domain.errors import ProductNotFound
from catalog_service.domain.product import Product
from catalog_service.store import products
from shop_events.sql import Connection


def read_own(connection: Connection, product_id: str, *, merchant_id: str) -> Product:
    """One of the merchant's products.

    Raises:
        ProductNotFound: there is none, or it is somebody else's.
    """
    found = products.get(connection, [product_id]).get(product_id)
    if found is None or found.merchant_id != merchant_id:
        raise ProductNotFound(product_id)
    return found
