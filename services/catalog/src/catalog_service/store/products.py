"""Products with their SKUs: many at a time, since an import brings many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, insert, select, update

from catalog_service.domain.product import Product, Sku, Status
from catalog_service.store import texts
from catalog_service.store.tables import product_versions, products, skus


def lock(
    connection: Connection, ids: Iterable[str], *, of: str | None = None
) -> dict[str, Product]:
    """These products as far as there are any, locked in the order of their ids (no deadlock).

    ``of``: the merchant whose they are; somebody else's are as if there were none, and as quick.
    """
    query = _named(list(ids), of).order_by(products.c.id)
    return {one.id: one for one in _found(connection, query.with_for_update())}


def get(connection: Connection, ids: Sequence[str], *, of: str | None = None) -> dict[str, Product]:
    """These products as far as there are any; ``of`` is as for `lock`."""
    return {one.id: one for one in _found(connection, _named(ids, of))}


def ids_by_external(
    connection: Connection, merchant_id: str, external_ids: Iterable[str]
) -> dict[str, str]:
    """The merchant's products by their own ids."""
    query = select(products.c.external_id, products.c.id).where(
        products.c.merchant_id == merchant_id, products.c.external_id.in_(list(external_ids))
    )
    return {row.external_id: row.id for row in connection.execute(query)}


def list_of(
    connection: Connection,
    merchant_id: str,
    *,
    status: Status | None = None,
    after: str = "",
    at_most: int,
) -> list[Product]:
    """A merchant's products, the oldest first, after the product ``after``."""
    query = select(products).where(products.c.merchant_id == merchant_id, products.c.id > after)
    if status is not None:
        query = query.where(products.c.status == status)
    return _found(connection, query.order_by(products.c.id).limit(at_most))


def all_after(connection: Connection, product_id: str, *, at_most: int) -> list[Product]:
    """Everybody's products whose ids come after ``product_id``."""
    query = select(products).where(products.c.id > product_id)
    return _found(connection, query.order_by(products.c.id).limit(at_most))


def waiting(
    connection: Connection, *, after: tuple[datetime, str] | None, at_most: int
) -> list[Product]:
    """Everybody's products that wait for a review, those that wait longest first.

    ``after``: since when the last one seen waits, and its id.
    """
    since, own = products.c.review_since, products.c.id
    query = select(products).where(since.is_not(None))
    if after is not None:
        query = query.where((since > after[0]) | ((since == after[0]) & (own > after[1])))
    return _found(connection, query.order_by(since, own).limit(at_most))


def published_ids_after(
    connection: Connection, kind: str, key: str, *, after: str, at_most: int
) -> list[str]:
    """Products of the merchant, or in the category, ``key`` that their merchant put up for sale."""
    of_kind: ColumnElement[bool] = (
        products.c.merchant_id == key if kind == "merchant" else products.c.category_id == key
    )
    query = select(products.c.id).where(of_kind, products.c.id > after)
    if kind == "merchant":
        query = query.where(products.c.status == Status.PUBLISHED)
    return list(connection.scalars(query.order_by(products.c.id).limit(at_most)))


def product_ids_of(connection: Connection, sku_ids: Iterable[str]) -> dict[str, str]:
    """The product each of these SKUs belongs to."""
    query = select(skus.c.id, skus.c.product_id).where(skus.c.id.in_(list(sku_ids)))
    return {row.id: row.product_id for row in connection.execute(query)}


def owners_of_codes(
    connection: Connection, merchant_id: str, codes: Sequence[str]
) -> dict[str, str]:
    """Which of the merchant's products each of these SKU codes stands in."""
    query = select(skus.c.code, skus.c.product_id).where(
        skus.c.merchant_id == merchant_id, skus.c.code.in_(codes)
    )
    return {row.code: row.product_id for row in connection.execute(query)}


def ids_taken(connection: Connection, sku_ids: Sequence[str]) -> list[str]:
    """Those of these ids that are SKUs already."""
    return list(connection.scalars(select(skus.c.id).where(skus.c.id.in_(sku_ids))))


def save(connection: Connection, before: Mapping[str, Product], after: Sequence[Product]) -> None:
    """Write these products; those in ``before`` were there already, the others are new."""
    new = [_row(one) for one in after if one.id not in before]
    if new:
        connection.execute(insert(products), new)
    old = [{"of_product": one.id, **_row(one)} for one in after if one.id in before]
    if old:
        connection.execute(_UPDATE, old)
    _save_skus(connection, before, after)


def add_sales(connection: Connection, product_id: str, quantity: int) -> None:
    """Count what was sold. No change of the product: its version stays."""
    connection.execute(_SELL, {"of_product": product_id, "quantity": quantity})


def add_versions(
    connection: Connection, changed: Sequence[Product], *, by: str, why: Mapping[str, str]
) -> None:
    """Keep each of these products as it is now, for its history; ``why`` by product."""
    rows = [
        {
            "product_id": one.id,
            "version": one.version,
            "at": one.changed_at,
            "by": by,
            "why": why[one.id],
            "snapshot": texts.snapshot_of(one),
        }
        for one in changed
    ]
    if rows:
        connection.execute(insert(product_versions), rows)


def versions_of(
    connection: Connection, product_id: str, *, before: int | None, at_most: int
) -> list[Row[Any]]:
    """A product's history, the newest first, older than version ``before``."""
    query = select(product_versions).where(product_versions.c.product_id == product_id)
    if before is not None:
        query = query.where(product_versions.c.version < before)
    newest = product_versions.c.version.desc()
    return list(connection.execute(query.order_by(newest).limit(at_most)).all())


_UPDATE: Final = update(products).where(products.c.id == bindparam("of_product"))
_SELL: Final = (
    update(products)
    .where(products.c.id == bindparam("of_product"))
    .values(sales=products.c.sales + bindparam("quantity"))
)
_UPDATE_SKU: Final = update(skus).where(skus.c.id == bindparam("of_sku"))


def _save_skus(
    connection: Connection, before: Mapping[str, Product], after: Sequence[Product]
) -> None:
    known = {sku.id: sku for one in before.values() for sku in one.skus}
    rows = [
        (sku.id in known, _sku_row(one, sku, place))
        for one in after
        for place, sku in enumerate(one.skus)
    ]
    if new := [row for was_there, row in rows if not was_there]:
        connection.execute(insert(skus), new)
    if old := [{"of_sku": row["id"], **row} for was_there, row in rows if was_there]:
        connection.execute(_UPDATE_SKU, old)


def _row(one: Product) -> dict[str, Any]:
    return {
        "id": one.id,
        "merchant_id": one.merchant_id,
        "external_id": one.external_id,
        "status": one.status,
        "category_id": one.category_id,
        "category_path": "".join(f"{part}/" for part in one.category_path),
        "content": texts.content_of(one),
        "version": one.version,
        "sales": one.sales,
        "created_at": one.created_at,
        "changed_at": one.changed_at,
        "published_at": one.published_at,
        "publish_at": one.publish_at,
        "approved": one.approved,
        "review_since": one.review_since,
        "sent_back": one.sent_back,
    }


def _sku_row(one: Product, sku: Sku, place: int) -> dict[str, Any]:
    return {
        "id": sku.id,
        "product_id": one.id,
        "merchant_id": one.merchant_id,
        "code": sku.code,
        "position": place,
        "options": texts.write(dict(sku.options)),
        "barcode": sku.barcode,
        "price": sku.price and sku.price.minor,
        "weight_g": sku.weight_g,
        "volume_cm3": sku.volume_cm3,
        "image": sku.image,
        "active": sku.active,
    }


def _named(ids: Sequence[str], of: str | None) -> Select[Any]:
    query = select(products).where(products.c.id.in_(ids))
    return query if of is None else query.where(products.c.merchant_id == of)


def _found(connection: Connection, query: Any) -> list[Product]:
    rows = connection.execute(query).all()
    theirs: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    ids = [row.id for row in rows]
    every = select(skus).where(skus.c.product_id.in_(ids)).order_by(skus.c.position)
    for sku in connection.execute(every) if ids else ():
        theirs[sku.product_id].append(sku)
    return [_product(row, theirs[row.id]) for row in rows]


def _product(row: Row[Any], its_skus: list[Row[Any]]) -> Product:
    content = texts.read(row.content)
    return Product(
        id=row.id,
        merchant_id=row.merchant_id,
        external_id=row.external_id,
        status=Status(row.status),
        category_path=tuple(row.category_path.split("/")[:-1]),
        titles=content["titles"],
        descriptions=content["descriptions"],
        brand=content["brand"],
        attributes=content["attributes"],
        images=tuple(content["images"]),
        skus=tuple(_sku(sku) for sku in its_skus),
        version=row.version,
        sales=row.sales,
        created_at=row.created_at,
        changed_at=row.changed_at,
        published_at=row.published_at,
        publish_at=row.publish_at,
        approved=row.approved,
        review_since=row.review_since,
        sent_back=row.sent_back,
    )


def _sku(row: Row[Any]) -> Sku:
    return Sku(
        id=row.id,
        code=row.code,
        options=texts.read(row.options),
        price=texts.price_of(row.price),
        weight_g=row.weight_g,
        volume_cm3=row.volume_cm3,
        barcode=row.barcode,
        image=row.image,
        active=row.active,
    )
