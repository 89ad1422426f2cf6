"""Stock levels and delivery rates as they are now, for a subscriber whose copy is new."""

from __future__ import annotations

from collections.abc import Sequence

from logistics_service.store import present, rates, stock
from logistics_service.usecases.messages import level_changed, rates_changed
from shop_events.contracts.logistics import DeliveryRatesChanged, StockLevelChanged
from shop_events.sql import Connection


def present_levels(connection: Connection, after: str, at_most: int) -> Sequence[StockLevelChanged]:
    """What there is of the SKUs whose ids come after ``after``, as was last told."""
    skus = present.skus_after(connection, after, at_most=at_most)
    return [level_changed(stock.levels_of(connection, sku_id)[0]) for sku_id in skus]


def present_rates(
    connection: Connection, after: str, at_most: int
) -> Sequence[DeliveryRatesChanged]:
    """The rates whose ids come after ``after``, as was last told."""
    ids = present.rates_after(connection, after, at_most=at_most)
    return [rates_changed(rates.get(connection, one)) for one in ids]
