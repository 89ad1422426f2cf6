"""Tell products anew, a batch at a time, whose merchant was suspended or whose category moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from catalog_service.domain.product import Product
from catalog_service.store import categories, products, told
from catalog_service.usecases.change_products import change_products
from shop_events import Tx
from shop_events.sql import Connection

BATCH: Final = 100


def is_any_restatement(connection: Connection) -> bool:
    """Whether there is anything to tell anew; asked often, so it only reads."""
    return told.is_any_restatement(connection)


def restate_some(tx: Tx) -> int:
    """Go on with a restatement; how many products it was. Publishes ProductChanged.

    The position is kept in the transaction of the effect, so that a crash repeats nothing.
    """
    task = told.take_restatement(tx.connection)
    if task is None:
        return 0
    ids = products.published_ids_after(
        tx.connection, task.kind, task.key, after=task.after, at_most=BATCH
    )
    told.go_on_after(tx.connection, task.id, ids[-1] if ids else None)
    owners = {one.merchant_id for one in products.get(tx.connection, ids).values()}
    told.may_sell(tx.connection, owners)
    before = products.lock(tx.connection, ids)
    after = _where_they_lie(tx, list(before.values()))
    change_products(
        tx, before, after, by="shop", why=f"{task.kind} changed", restate=task.kind == "merchant"
    )
    return max(1, len(ids))


def _where_they_lie(tx: Tx, some: list[Product]) -> list[Product]:
    ids = sorted({one.category_id for one in some if one.category_id})
    paths = categories.paths_of(tx.connection, ids)
    return [
        replace(one, category_path=paths[one.category_id]) if one.category_id else one
        for one in some
    ]
