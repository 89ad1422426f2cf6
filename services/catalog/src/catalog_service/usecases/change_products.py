"""The one door through which products change: version, history, shop window and event together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from catalog_service.config import CatalogSettings
from catalog_service.domain.errors import ProductNotFound
from catalog_service.domain.product import Product, Status
from catalog_service.domain.review import reviewed
from catalog_service.store import listings, products, told
from catalog_service.usecases.messages import product_changed
from chassis.runtime import settings_of
from shop_events import Tx


def lock_own(tx: Tx, ids: Sequence[str], *, merchant_id: str) -> dict[str, Product]:
    """These products of the merchant, locked with him (see `told.may_sell`).

    Raises:
        ProductNotFound: one is not there, or somebody else's.
    """
    told.may_sell(tx.connection, [merchant_id])
    found = products.lock(tx.connection, ids, of=merchant_id)
    for product_id in ids:
        if product_id not in found:
            raise ProductNotFound(product_id)
    return found


def lock_one(tx: Tx, product_id: str) -> dict[str, Product]:
    """This product, whosever it is, locked with its merchant.

    Raises:
        ProductNotFound: there is none.
    """
    known = products.get(tx.connection, [product_id]).get(product_id)
    if known is None:
        raise ProductNotFound(product_id)
    told.may_sell(tx.connection, [known.merchant_id])
    return products.lock(tx.connection, [product_id])


def as_may_be(tx: Tx, was: Product | None, one: Product) -> Product:
    """The product in review, where the shop reviews and nobody approved it; otherwise as it is."""
    if not settings_of(tx, CatalogSettings).review_before_publish:
        return one
    return reviewed(was, one, tx.now)


def change_products(
    tx: Tx,
    before: Mapping[str, Product],
    after: Sequence[Product],
    *,
    by: str,
    why: str,
    restate: bool = False,
) -> list[Product]:
    """Write what became of products, as far as it may; all of ``after`` as they are then.

    Publishes ProductChanged for each that is not as it was. ``before`` are those that were there,
    locked; ``by`` is who changed them, ``why`` in a word. With ``restate`` all are told, since
    something about their merchant or category changed.
    """
    allowed = [as_may_be(tx, before.get(one.id), one) for one in after]
    changed = [
        replace(one, version=one.version + 1, changed_at=tx.now)
        for one in allowed
        if restate or one != before.get(one.id)
    ]
    whys = {
        one.id: why if one.status is asked.status else one.status.value
        for asked, one in zip(after, allowed, strict=True)
    }
    products.save(tx.connection, before, changed)
    products.add_versions(tx.connection, changed, by=by, why=whys)
    selling = told.may_sell(tx.connection, (one.merchant_id for one in changed))
    known = {sku.id for one in before.values() for sku in one.skus}
    told.expect_stock(tx.connection, {s.id for one in changed for s in one.for_sale} - known)
    _show(tx, changed, selling)
    for one in changed:
        tx.publish(product_changed(one, may_sell=selling[one.merchant_id]))
    new = {one.id: one for one in changed}
    return [new.get(one.id, one) for one in allowed]


def is_shown(one: Product, *, may_sell: bool) -> bool:
    """Whether people see it in the shop."""
    return may_sell and one.status is Status.PUBLISHED and bool(one.for_sale)


def _show(tx: Tx, changed: Sequence[Product], selling: Mapping[str, bool]) -> None:
    shown = [one for one in changed if is_shown(one, may_sell=selling[one.merchant_id])]
    bands = told.bands(tx.connection, [sku.id for one in shown for sku in one.for_sale])
    listings.put(tx.connection, shown, bands)
    seen = {one.id for one in shown}
    listings.remove(tx.connection, [one.id for one in changed if one.id not in seen])
