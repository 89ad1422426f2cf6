"""Which product a SKU belongs to."""

from __future__ import annotations

from sqlalchemy import Connection, Executable

from review_service.store.tables import products, skus
from shop_events.contracts.catalog import ProductChanged
from shop_events.sql import Upsert, on_conflict


def put(connection: Connection, told: ProductChanged) -> None:
    """Keep whose product it is and its SKUs, unless what we know is newer."""
    row = {
        "product_id": told.product_id,
        "merchant_id": told.merchant_id,
        "version": told.version,
    }
    if connection.execute(on_conflict(connection, products, _newer), row).first() is None:
        return
    rows = [{"sku_id": sku.sku_id, "product_id": told.product_id} for sku in told.skus]
    if rows:
        connection.execute(on_conflict(connection, skus, _as_told), rows)


def _newer(row: Upsert) -> Executable:
    new = row.excluded
    told = {"merchant_id": new.merchant_id, "version": new.version}
    return row.on_conflict_do_update(
        index_elements=["product_id"], set_=told, where=products.c.version < new.version
    ).returning(products.c.product_id)


def _as_told(row: Upsert) -> Executable:
    told = {"product_id": row.excluded.product_id}
    return row.on_conflict_do_update(index_elements=["sku_id"], set_=told)
