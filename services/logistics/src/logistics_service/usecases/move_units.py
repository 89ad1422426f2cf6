"""Change stock because of an order or a parcel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from logistics_service.domain.parcel import PackedLine
from logistics_service.domain.stock import DEFAULT_WAREHOUSE, Movement, MovementType
from logistics_service.store import stock
from logistics_service.usecases import messages
from shop_events import Tx


class BooksDisagree(RuntimeError):
    """The counters do not allow what the reservations say must be possible: a fault of ours."""


def lock_levels(tx: Tx, sku_ids: Iterable[str]) -> None:
    """Lock what will be moved for several fulfilments, in the order of SKUs' ids (S4).

    Each of them moves its own SKUs in that order, but one after the other they would not: whoever
    takes the same SKUs meanwhile and they would lock each other out.
    """
    stock.lock(tx.connection, set(sku_ids), DEFAULT_WAREHOUSE)


def move_units(
    tx: Tx, kind: MovementType, lines: Iterable[PackedLine], *, warehouse_id: str, cause: str
) -> None:
    """Move the units of these lines, SKU by SKU in the order of their ids (S4, S5).

    Publishes StockLevelChanged for each. ``cause`` moves each SKU once per type.

    Raises:
        BooksDisagree: there are not as many in that standing.
    """
    units: Counter[str] = Counter()
    for line in lines:
        units[line.sku_id] += line.quantity
    for sku_id, quantity in sorted(units.items()):
        movement = Movement(
            type=kind, sku_id=sku_id, warehouse_id=warehouse_id, quantity=quantity, cause=cause
        )
        level = stock.move(tx.connection, movement, tx.now)
        if level is None:
            raise BooksDisagree(f"{quantity} of {sku_id} cannot be {kind} because of {cause}.")
        tx.publish(messages.level_changed(level))
