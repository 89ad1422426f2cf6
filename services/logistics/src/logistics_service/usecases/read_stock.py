"""What a merchant may see of stock."""

from __future__ import annotations

from logistics_service.domain.errors import SkuNotFound
from logistics_service.domain.stock import Level
from logistics_service.store import stock
from shop_events.sql import Connection


def read_stock(connection: Connection, sku_id: str, *, merchant_id: str) -> list[Level]:
    """How much of the SKU there is, by warehouse.

    Raises:
        SkuNotFound: it is nobody's yet, or another merchant's.
    """
    if stock.merchant_of(connection, sku_id) != merchant_id:
        raise SkuNotFound(sku_id)
    return stock.levels_of(connection, sku_id)


def read_stocks(
    connection: Connection, merchant_id: str, *, low: bool, after: str | None, at_most: int
) -> list[Level]:
    """A merchant's stock by SKU; ``low``: only what runs out, so that more can be ordered."""
    return stock.levels_of_merchant(connection, merchant_id, low=low, after=after, at_most=at_most)
