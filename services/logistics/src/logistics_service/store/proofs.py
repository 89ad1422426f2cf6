"""Proving the stock ledger: every counter is the sum of its movements (DOMAIN.md S2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, or_, select, update

from logistics_service.domain.proof import Proof
from logistics_service.store.tables import movements, stock_levels, stock_proofs
from shop_events.sql import insert_once


def get(connection: Connection, night: str) -> Proof | None:
    """That night's proof, if it was begun."""
    row = connection.execute(_ONE, {"of_night": night}).mappings().first()
    return None if row is None else Proof(**row)


def newest(connection: Connection, *, at_most: int) -> list[Proof]:
    """The last proofs, the newest first."""
    query = select(stock_proofs).order_by(stock_proofs.c.night.desc()).limit(at_most)
    return [Proof(**row) for row in connection.execute(query).mappings()]


def begin(connection: Connection, proof: Proof) -> bool:
    """Keep a proof that begins; False when another worker began it."""
    return insert_once(connection, stock_proofs, _values(proof))


def go_on(connection: Connection, before: Proof, after: Proof) -> bool:
    """Write how far it is; False when another worker went on from there first."""
    unmoved = (stock_proofs.c.night == before.night) & (
        stock_proofs.c.after_sku == before.after_sku
    )
    still_open = stock_proofs.c.finished_at.is_(None)
    query = update(stock_proofs).where(unmoved, still_open).values(**_values(after))
    return bool(connection.execute(query).rowcount)


def next_skus(connection: Connection, after: str, *, at_most: int) -> Sequence[str]:
    """The next SKUs that are counted anywhere."""
    sku_id = stock_levels.c.sku_id
    query = select(sku_id).where(sku_id > after).distinct().order_by(sku_id).limit(at_most)
    return connection.execute(query).scalars().all()


def wrong_levels(connection: Connection, first: str, last: str) -> list[tuple[str, str]]:
    """The SKUs from ``first`` to ``last`` and their warehouses where counters and sums differ.

    One statement, so that counters and sums are of one instant while the shop goes on.
    """
    rows = connection.execute(_WRONG, {"from_sku": first, "to_sku": last})
    return [(row.sku_id, row.warehouse_id) for row in rows]


def _values(proof: Proof) -> dict[str, Any]:
    return {
        "night": proof.night,
        "after_sku": proof.after_sku,
        "checked": proof.checked,
        "wrong": proof.wrong,
        "started_at": proof.started_at,
        "finished_at": proof.finished_at,
    }


_ONE: Final = select(stock_proofs).where(stock_proofs.c.night == bindparam("of_night"))
_COUNTERS: Final = ("on_hand", "held", "allocated", "safety")
_SUMS: Final = (
    select(
        movements.c.sku_id,
        movements.c.warehouse_id,
        func.count().label("version"),
        *(func.sum(movements.c[name]).label(name) for name in _COUNTERS),
    )
    .where(movements.c.sku_id.between(bindparam("from_sku"), bindparam("to_sku")))
    .group_by(movements.c.sku_id, movements.c.warehouse_id)
    .subquery()
)
_SAME_LEVEL: Final = (_SUMS.c.sku_id == stock_levels.c.sku_id) & (
    _SUMS.c.warehouse_id == stock_levels.c.warehouse_id
)
_WRONG: Final = (
    select(stock_levels.c.sku_id, stock_levels.c.warehouse_id)
    .select_from(stock_levels.outerjoin(_SUMS, _SAME_LEVEL))
    .where(stock_levels.c.sku_id.between(bindparam("from_sku"), bindparam("to_sku")))
    .where(
        or_(
            *(
                stock_levels.c[name] != func.coalesce(_SUMS.c[name], 0)
                for name in (*_COUNTERS, "version")
            )
        )
    )
    .order_by(stock_levels.c.sku_id)
)
