"""Change prices and the status of many products at once: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalog_service.domain.errors import UnknownReference
from catalog_service.domain.product import Product, Status, published, withdrawn
from catalog_service.usecases import times
from catalog_service.usecases.change_products import change_products, lock_own
from shop_events import Money, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one product becomes; ``prices`` by SKU id, ``status`` None: as it is."""

    product_id: str
    prices: Mapping[str, Money] = field(default_factory=dict)
    status: Status | None = None


def edit_many(tx: Tx, changes: Sequence[Change], *, merchant_id: str, by: str) -> list[Product]:
    """Do all of these. Publishes ProductChanged for each product that is not as it was.

    Raises:
        ProductNotFound: one is not there, or somebody else's; then nothing was changed.
        UnknownReference: a product stands twice, or has no such SKU.
        NotPublishable: one would be for sale and lacks something.
    """
    ids = [one.product_id for one in changes]
    if len(set(ids)) < len(ids):
        raise UnknownReference("changes", "A product stands twice.")
    before = lock_own(tx, ids, merchant_id=merchant_id)
    after = [_changed(tx, before[one.product_id], one, at) for at, one in enumerate(changes)]
    for one in after:
        if one.status is Status.PUBLISHED:
            one.must_be_publishable()
    return change_products(tx, before, after, by=by, why="edited in bulk")


def _changed(tx: Tx, one: Product, change: Change, at: int) -> Product:
    if unknown := set(change.prices) - {sku.id for sku in one.skus}:
        words = f"The product {one.id} has no SKU {min(unknown)}."
        raise UnknownReference(f"changes.{at}.prices", words)
    skus = tuple(replace(sku, price=change.prices.get(sku.id, sku.price)) for sku in one.skus)
    priced = replace(one, skus=skus)
    if change.status is None:
        return priced
    tx.unschedule(times.PUBLISH, one.id)
    return published(priced, tx.now) if change.status is Status.PUBLISHED else withdrawn(priced)
