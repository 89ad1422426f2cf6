"""Keep what other services told of goods; older news never replaces newer."""

from __future__ import annotations

from cart_service.store import copies
from shop_events import Tx
from shop_events.contracts.catalog import ProductChanged
from shop_events.contracts.logistics import StockLevelChanged


def keep_product(tx: Tx, told: ProductChanged) -> None:
    """A product as it is now, with its SKUs and prices."""
    copies.put_product(tx.connection, told)


def keep_level(tx: Tx, told: StockLevelChanged) -> None:
    """How much of a SKU can be sold now."""
    copies.put_level(tx.connection, told)
