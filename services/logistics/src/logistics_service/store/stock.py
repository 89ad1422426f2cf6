"""Stock: the one place where counters change, always together with the movement that says why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Executable, Row, bindparam, insert, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from logistics_service.domain.stock import PLENTY_FROM, Level, Movement, MovementType
from logistics_service.store.tables import movements, skus, stock_levels
from shop_events.sql import Upsert, insert_on, on_conflict


def move(connection: Connection, movement: Movement, at: datetime) -> Level | None:
    """Change the counters and write down why; the level afterwards.

    None, and nothing changed, when there is not enough for it: one atomic conditional write (S4).
    A hold needs that many available; nothing may eat into what is promised (S7).
    """
    change = _change(keeps_safety=movement.type is MovementType.HELD)
    row = connection.execute(change, _change_values(movement)).first()
    if row is None:
        return None
    effect = movement.effect
    values = {
        "sku_id": movement.sku_id,
        "warehouse_id": movement.warehouse_id,
        "type": movement.type,
        "on_hand": effect.on_hand,
        "held": effect.held,
        "allocated": effect.allocated,
        "safety": effect.safety,
        "cause": movement.cause,
        "reason": movement.reason,
        "at": at,
    }
    connection.execute(insert(movements), values)
    return _level(row)


@cache
def _change(*, keeps_safety: bool) -> ReturningUpdate[Any]:
    """Built once for each: building a statement costs five times as much as executing it."""
    table = stock_levels.c
    on_hand = table.on_hand + bindparam("more_on_hand")
    held = table.held + bindparam("more_held")
    allocated = table.allocated + bindparam("more_allocated")
    safety = table.safety + bindparam("more_safety")
    kept_back = table.safety if keeps_safety else 0
    return (
        update(stock_levels)
        .where(table.sku_id == bindparam("of_sku"), table.warehouse_id == bindparam("of_house"))
        .where(held >= 0, allocated >= 0, on_hand - held - allocated - kept_back >= 0)
        .values(on_hand=on_hand, held=held, allocated=allocated, safety=safety)
        .values(version=table.version + 1)
        .returning(stock_levels)
    )


def _change_values(movement: Movement) -> dict[str, Any]:
    return {
        "of_sku": movement.sku_id,
        "of_house": movement.warehouse_id,
        "more_on_hand": movement.effect.on_hand,
        "more_held": movement.effect.held,
        "more_allocated": movement.effect.allocated,
        "more_safety": movement.effect.safety,
    }


def claim(connection: Connection, sku_id: str, merchant_id: str) -> None:
    """Make the SKU this merchant's, unless it is somebody's already."""
    values = {"sku_id": sku_id, "merchant_id": merchant_id}
    connection.execute(insert_on(connection, skus).values(values).on_conflict_do_nothing())


def learn_owner(
    connection: Connection, sku_id: str, *, merchant_id: str, product_id: str, version: int
) -> None:
    """Whose goods it is, as catalog said; an older ``version`` never replaces a newer one.

    What somebody claimed before catalog spoke is overruled; a SKU does not change its product.
    """
    values = {"sku_id": sku_id, "merchant_id": merchant_id, "product_id": product_id}
    learn = on_conflict(connection, skus, _newer)
    connection.execute(learn, {**values, "product_version": version})


def _newer(row: Upsert) -> Executable:
    new = row.excluded
    names = ("merchant_id", "product_id", "product_version")
    same = (skus.c.product_id == new.product_id) & (skus.c.product_version < new.product_version)
    return row.on_conflict_do_update(
        index_elements=["sku_id"],
        set_={name: new[name] for name in names},
        where=skus.c.product_id.is_(None) | same,
    )


def merchant_of(connection: Connection, sku_id: str) -> str | None:
    """Whose goods it is; None for a SKU nobody ever received."""
    query = select(skus.c.merchant_id).where(skus.c.sku_id == sku_id)
    return connection.execute(query).scalar_one_or_none()


def open_level(connection: Connection, sku_id: str, warehouse_id: str) -> None:
    """Make sure that there is a row to count in."""
    values = {"sku_id": sku_id, "warehouse_id": warehouse_id}
    connection.execute(insert_on(connection, stock_levels).values(values).on_conflict_do_nothing())


def lock(connection: Connection, sku_ids: Iterable[str], warehouse_id: str) -> dict[str, Level]:
    """The levels there are, locked in the order of their ids until this transaction ends (S4)."""
    rows = connection.execute(_LOCKED, {"skus": list(sku_ids), "of_house": warehouse_id})
    return {row.sku_id: _level(row) for row in rows}


def levels_of(connection: Connection, sku_id: str) -> list[Level]:
    """What there is of a SKU, by warehouse."""
    query = select(stock_levels).where(stock_levels.c.sku_id == sku_id)
    return [_level(row) for row in connection.execute(query.order_by(stock_levels.c.warehouse_id))]


def levels_of_merchant(
    connection: Connection, merchant_id: str, *, low: bool, after: str | None, at_most: int
) -> list[Level]:
    """A merchant's levels by SKU, from ``after`` on; ``low``: only those that run out."""
    table = stock_levels.c
    query = select(stock_levels).join(skus).where(skus.c.merchant_id == merchant_id)
    if low:
        available = table.on_hand - table.held - table.allocated - table.safety
        query = query.where(available < PLENTY_FROM)
    if after is not None:
        query = query.where(table.sku_id > after)
    ordered = query.order_by(table.sku_id, table.warehouse_id).limit(at_most)
    return [_level(row) for row in connection.execute(ordered)]


_LOCKED: Final = (
    select(stock_levels)
    .where(stock_levels.c.sku_id.in_(bindparam("skus", expanding=True)))
    .where(stock_levels.c.warehouse_id == bindparam("of_house"))
    .order_by(stock_levels.c.sku_id)
    .with_for_update()
)


def _level(row: Row[Any]) -> Level:
    return Level(
        sku_id=row.sku_id,
        warehouse_id=row.warehouse_id,
        on_hand=row.on_hand,
        held=row.held,
        allocated=row.allocated,
        safety=row.safety,
        version=row.version,
    )
