"""Catalog told whose goods these are."""

from __future__ import annotations

from collections.abc import Iterable

from logistics_service.store import stock
from shop_events import Tx


def learn_product(
    tx: Tx, product_id: str, sku_ids: Iterable[str], *, merchant_id: str, version: int
) -> None:
    """Only this merchant may receive them from now on; an older version changes nothing."""
    for sku_id in sorted(set(sku_ids)):
        stock.learn_owner(
            tx.connection,
            sku_id,
            merchant_id=merchant_id,
            product_id=product_id,
            version=version,
        )


def claim_sku(tx: Tx, sku_id: str, merchant_id: str) -> None:
    """Make a SKU that catalog never told of this merchant's, unless it is somebody's already.

    In a development shop alone: elsewhere whoever guesses the id of a product to come would own
    its stock.
    """
    stock.claim(tx.connection, sku_id, merchant_id)
