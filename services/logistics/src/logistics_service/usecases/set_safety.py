"""A merchant keeps some units of a SKU back."""

from __future__ import annotations

from collections.abc import Callable

from logistics_service.domain.errors import SkuNotFound, Stale
from logistics_service.domain.stock import DEFAULT_WAREHOUSE, Level, Movement, MovementType
from logistics_service.store import stock
from logistics_service.usecases import messages
from shop_events import Tx


def set_safety(
    tx: Tx,
    sku_id: str,
    safety: int,
    *,
    merchant_id: str,
    has_seen: Callable[[int], bool],
) -> Level:
    """Never sell the last ``safety`` units. Publishes StockLevelChanged if that is a change.

    What is promised already stays promised; the movement says what was changed (S2).
    ``has_seen`` says whether the caller knows this version of the counters.

    Raises:
        SkuNotFound: it is another merchant's, or nobody's yet.
        Stale: he does not.
    """
    if stock.merchant_of(tx.connection, sku_id) != merchant_id:
        raise SkuNotFound(sku_id)
    stock.open_level(tx.connection, sku_id, DEFAULT_WAREHOUSE)
    known = stock.lock(tx.connection, [sku_id], DEFAULT_WAREHOUSE)[sku_id]
    if not has_seen(known.version):
        raise Stale(f"The stock of {sku_id}", known.version)
    if known.safety == safety:
        return known
    movement = Movement(
        type=MovementType.SAFETY,
        sku_id=sku_id,
        warehouse_id=DEFAULT_WAREHOUSE,
        quantity=safety - known.safety,
        cause=f"hand:{tx.new_id()}",
    )
    level = stock.move(tx.connection, movement, tx.now) or known
    tx.publish(messages.level_changed(level))
    return level
