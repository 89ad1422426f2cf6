"""What catalog and logistics told: put away as it comes, read as `Goods`."""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import Connection, Executable, Row, Select, bindparam, func, select, update

from cart_service.domain.goods import Band, Goods, Status
from cart_service.store.tables import products, skus, stock_levels
from shop_events.contracts.catalog import ProductChanged
from shop_events.contracts.logistics import StockLevelChanged
from shop_events.sql import Upsert, on_conflict
from shop_events.values import Money


def put_product(connection: Connection, told: ProductChanged) -> bool:
    """Keep a product with all its SKUs; False, and nothing is done, if it is older than ours.

    A SKU that is not in it any more is inactive.
    """
    row = {
        "product_id": told.product_id,
        "merchant_id": told.merchant_id,
        "status": told.status,
        "titles": json.dumps({one.locale: one.text for one in told.titles}, ensure_ascii=False),
        "version": told.version,
    }
    newer = on_conflict(connection, products, _newer_product)
    if connection.execute(newer, row).first() is None:
        return False
    connection.execute(_NOTHING_ACTIVE, {"of_product": told.product_id})
    rows = _sku_rows(told)
    if rows:
        connection.execute(on_conflict(connection, skus, _as_told), rows)
    return True


def put_level(connection: Connection, told: StockLevelChanged) -> None:
    """Keep how much there is of a SKU, unless what we know is newer."""
    row = {
        "sku_id": told.sku_id,
        "available": max(0, told.available),
        "band": told.band,
        "version": told.version,
    }
    connection.execute(on_conflict(connection, stock_levels, _newer_level), row)


def find(connection: Connection, sku_id: str) -> Goods | None:
    """The SKU, if catalog ever told of it."""
    row = connection.execute(_ONE, {"of_sku": sku_id}).first()
    return None if row is None else goods_of(row)


def goods_of(row: Row[Any]) -> Goods:
    """A row of `with_goods` as goods."""
    return Goods(
        sku_id=row.sku_id,
        product_id=row.product_id,
        merchant_id=row.merchant_id,
        status=Status(row.status),
        active=row.active,
        titles=json.loads(row.titles),
        options=tuple((name, value) for name, value in json.loads(row.options)),
        image=row.image,
        price=Money(row.price, row.currency),
        available=row.available,
        stock=Band(row.band),
    )


# Built once: building a statement costs five times as much as executing it.
GOODS: Final = (
    skus.c.sku_id,
    skus.c.product_id,
    skus.c.active,
    skus.c.options,
    skus.c.image,
    skus.c.price,
    skus.c.currency,
    products.c.merchant_id,
    products.c.status,
    products.c.titles,
    func.coalesce(stock_levels.c.available, 0).label("available"),
    func.coalesce(stock_levels.c.band, Band.NONE.value).label("band"),
)
KNOWN: Final = skus.join(products, products.c.product_id == skus.c.product_id).outerjoin(
    stock_levels, stock_levels.c.sku_id == skus.c.sku_id
)
_ONE: Final[Select[Any]] = (
    select(*GOODS).select_from(KNOWN).where(skus.c.sku_id == bindparam("of_sku"))
)
_NOTHING_ACTIVE: Final = (
    update(skus).where(skus.c.product_id == bindparam("of_product")).values(active=False)
)


def _sku_rows(told: ProductChanged) -> list[dict[str, Any]]:
    return [
        {
            "sku_id": sku.sku_id,
            "product_id": told.product_id,
            "options": json.dumps([(one.name, one.value) for one in sku.options]),
            "image": sku.image,
            "price": sku.price.minor,
            "currency": sku.price.currency,
            "active": sku.active,
        }
        for sku in told.skus
    ]


def _newer_product(row: Upsert) -> Executable:
    new = row.excluded
    told = {name: new[name] for name in ("merchant_id", "status", "titles", "version")}
    return row.on_conflict_do_update(
        index_elements=["product_id"], set_=told, where=products.c.version < new.version
    ).returning(products.c.product_id)


def _as_told(row: Upsert) -> Executable:
    names = ("product_id", "options", "image", "price", "currency", "active")
    told = {name: row.excluded[name] for name in names}
    return row.on_conflict_do_update(index_elements=["sku_id"], set_=told)


def _newer_level(row: Upsert) -> Executable:
    new = row.excluded
    told = {"available": new.available, "band": new.band, "version": new.version}
    return row.on_conflict_do_update(
        index_elements=["sku_id"], set_=told, where=stock_levels.c.version < new.version
    )
