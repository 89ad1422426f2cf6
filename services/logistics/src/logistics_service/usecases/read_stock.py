"""What a merchant may see of stock."""

from __future__ import annotations

from logistics_service.domain.errors import SkuNotFound
from logistics_service.domain.stock import Level
from logistics_service.store import stock
from shop_events.sql import Connection


def read_stock(connection: Connection, sku_id: str, *, merchant_id: str) -> list[Level]:
    """How much of the SKU there is, by warehouse.

    Raises:
        SkuNotFound: nobody ever received any, or it is another merchant's.
    """
    if stock.merchant_of(connection, sku_id) != merchant_id:
        raise SkuNotFound(sku_id)
    return stock.levels_of(connection, sku_id)
