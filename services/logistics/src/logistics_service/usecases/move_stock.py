"""Change stock by a merchant's hand."""

from __future__ import annotations

from logistics_service.domain.errors import (
    BelowPromised,
    QuantityMissing,
    ReasonMissing,
    SkuNotFound,
    TooMuchStock,
)
from logistics_service.domain.stock import (
    DEFAULT_WAREHOUSE,
    MOST_ON_HAND,
    Level,
    Movement,
    MovementType,
)
from logistics_service.store import stock
from logistics_service.usecases import messages
from shop_events import Tx


def receive_stock(
    tx: Tx, sku_id: str, quantity: int, *, merchant_id: str, reason: str | None = None
) -> Level:
    """Goods came in. Publishes StockLevelChanged. Whose a SKU is, catalog says.

    Raises:
        QuantityMissing: less than one unit.
        SkuNotFound: it is another merchant's, or nobody's yet.
        TooMuchStock: there would be more than a warehouse holds.
    """
    if quantity < 1:
        raise QuantityMissing(sku_id, quantity)
    _must_own(tx, sku_id, merchant_id)
    stock.open_level(tx.connection, sku_id, DEFAULT_WAREHOUSE)
    return _move(tx, _by_hand(tx, MovementType.RECEIVED, sku_id, quantity, reason))


def adjust_stock(tx: Tx, sku_id: str, quantity: int, *, merchant_id: str, reason: str) -> Level:
    """Somebody counted anew: so many more, or (below zero) fewer. Publishes StockLevelChanged.

    Raises:
        QuantityMissing: nothing would change.
        ReasonMissing: ``reason`` is blank.
        SkuNotFound: it is another merchant's, or nobody's yet.
        BelowPromised: less would be there than is promised to buyers (S7).
        TooMuchStock: there would be more than a warehouse holds.
    """
    if not quantity:
        raise QuantityMissing(sku_id, quantity)
    if not reason.strip():
        raise ReasonMissing(sku_id)
    _must_own(tx, sku_id, merchant_id)
    stock.open_level(tx.connection, sku_id, DEFAULT_WAREHOUSE)
    return _move(tx, _by_hand(tx, MovementType.ADJUSTED, sku_id, quantity, reason))


def _must_own(tx: Tx, sku_id: str, merchant_id: str) -> None:
    if stock.merchant_of(tx.connection, sku_id) != merchant_id:
        raise SkuNotFound(sku_id)


def _by_hand(
    tx: Tx, kind: MovementType, sku_id: str, quantity: int, reason: str | None
) -> Movement:
    return Movement(
        type=kind,
        sku_id=sku_id,
        warehouse_id=DEFAULT_WAREHOUSE,
        quantity=quantity,
        cause=f"hand:{tx.new_id()}",
        reason=reason,
    )


def _move(tx: Tx, movement: Movement) -> Level:
    level = stock.move(tx.connection, movement, tx.now)
    if level is None:
        now = stock.lock(tx.connection, [movement.sku_id], movement.warehouse_id)[movement.sku_id]
        raise BelowPromised(movement.sku_id, now.on_hand + movement.quantity, now.promised)
    if level.on_hand > MOST_ON_HAND:
        raise TooMuchStock(movement.sku_id, MOST_ON_HAND)
    tx.publish(messages.level_changed(level))
    return level
