"""Keep which product a SKU belongs to."""

from __future__ import annotations

from review_service.store import products
from shop_events import Tx
from shop_events.contracts.catalog import ProductChanged


def keep_product(tx: Tx, told: ProductChanged) -> None:
    """A product as it is now; older news never replaces newer."""
    products.put(tx.connection, told)
