"""What catalog does about merchants, their rates, stock and sales that others told of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from catalog_service.domain.delivery import Rates
from catalog_service.domain.product import Product
from catalog_service.store import listings, products, told
from shop_events import Tx


def follow_merchant(tx: Tx, merchant_id: str, *, name: str, active: bool, version: int) -> None:
    """Know who sells; whether they may decides about all their products, told by and by.

    Idempotent on the version: an older one changes nothing.
    """
    known = told.merchant(tx.connection, merchant_id)
    was_active = known is None or known.active
    newer = told.note_merchant(
        tx.connection, merchant_id, name=name, active=active, version=version
    )
    if newer and active is not was_active:
        told.ask_restatement(tx.connection, "merchant", merchant_id)


def follow_rates(tx: Tx, rates: Rates) -> None:
    """Know how goods are delivered. Idempotent on the version: an older one changes nothing."""
    told.note_rates(tx.connection, rates)


def follow_stock(tx: Tx, sku_id: str, *, band: str, version: int) -> None:
    """Know whether a SKU can be had (S9), even before its product is known here.

    Idempotent on the version. The product is locked first, so that two of its SKUs told of at once
    come out right.
    """
    found = _product_with(tx, sku_id)
    if not told.note_stock(tx.connection, sku_id, band=band, version=version):
        return
    for one in found or _product_with(tx, sku_id):  # it may have been put up meanwhile
        bands = told.bands(tx.connection, [sku.id for sku in one.for_sale])
        in_stock = listings.is_in_stock(one.for_sale, bands)
        listings.set_in_stock(tx.connection, one.id, in_stock=in_stock)


def count_sales(tx: Tx, order_id: str, sold: Iterable[tuple[str, int]]) -> None:
    """Count an order's units, by SKU, towards their products' sales; each order once."""
    if not told.count_order(tx.connection, order_id):
        return
    units = list(sold)
    product_of = products.product_ids_of(tx.connection, {sku_id for sku_id, _ in units})
    totals: Counter[str] = Counter()
    for sku_id, quantity in units:
        if sku_id in product_of:
            totals[product_of[sku_id]] += quantity
    for product_id in products.lock(tx.connection, totals):
        products.add_sales(tx.connection, product_id, totals[product_id])
        listings.add_sales(tx.connection, product_id, totals[product_id])


def _product_with(tx: Tx, sku_id: str) -> list[Product]:
    """The product that the SKU is of, locked, if there is one."""
    ids = products.product_ids_of(tx.connection, [sku_id]).values()
    return list(products.lock(tx.connection, ids).values()) if ids else []
