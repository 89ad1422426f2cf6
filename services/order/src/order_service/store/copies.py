"""What others said of goods, merchants and delivery rates: kept whole, replaced by what is newer.

Each copy has the version it was said with; an older one, or the same again, changes nothing, so
they may come in any order (CATALOGUE.md, state events).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Executable,
    Row,
    Table,
    bindparam,
    delete,
    func,
    select,
)

from order_service.domain.catalogue import Goods, Sku
from order_service.domain.delivery import Rates
from order_service.store import texts
from order_service.store.shop_tables import (
    known_merchants,
    known_products,
    known_rates,
    known_skus,
    lateness,
)
from shop_events.sql import Upsert, on_conflict
from shop_events.values import Money


def put_product(connection: Connection, product_id: str, version: int, skus: Sequence[Sku]) -> None:
    """The product has these SKUs now, and no others."""
    if not _is_newer(connection, known_products, {"product_id": product_id, "version": version}):
        return
    connection.execute(delete(known_skus).where(known_skus.c.product_id == product_id))
    if skus:
        rows = [_sku_row(product_id, sku) for sku in skus]
        connection.execute(on_conflict(connection, known_skus, _replace), rows)


def put_merchant(connection: Connection, merchant_id: str, version: int, *, sells: bool) -> None:
    """Whether the merchant sells now."""
    row = {"merchant_id": merchant_id, "version": version, "sells": sells}
    _is_newer(connection, known_merchants, row)


def put_rates(connection: Connection, rates: Rates) -> None:
    """How somebody's goods can be delivered now."""
    row = {"rates_id": rates.rates_id, "version": rates.version, "body": texts.written(rates)}
    _is_newer(connection, known_rates, row)


def skus_of(connection: Connection, sku_ids: Iterable[str]) -> dict[str, Sku]:
    """Those of these SKUs that are known; a merchant nobody spoke of is in business."""
    rows = connection.execute(_SKUS, {"ids": list(sku_ids)})
    return {row.sku_id: _sku(row) for row in rows}


def rates_of(connection: Connection, rates_ids: Iterable[str]) -> dict[str, Rates]:
    """Those of these rates that are known."""
    rows = connection.execute(_RATES, {"ids": list(rates_ids)})
    return {row.rates_id: texts.read(Rates, row.body) for row in rows}


def note_late(connection: Connection, now: datetime) -> None:
    """Something was heard too late at this moment."""
    row = {"of": "events", "heard_at": now}
    connection.execute(on_conflict(connection, lateness, _heard), row)


def last_late(connection: Connection) -> datetime | None:
    """When something was heard too late for the last time."""
    return connection.execute(select(lateness.c.heard_at)).scalar()


_SKUS: Final = (
    select(known_skus, func.coalesce(known_merchants.c.sells, True).label("sells"))
    .join_from(
        known_skus,
        known_merchants,
        known_skus.c.merchant_id == known_merchants.c.merchant_id,
        isouter=True,
    )
    .where(known_skus.c.sku_id.in_(bindparam("ids", expanding=True)))
)
_RATES: Final = select(known_rates).where(
    known_rates.c.rates_id.in_(bindparam("ids", expanding=True))
)


def _is_newer(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    written = connection.execute(on_conflict(connection, table, _if_newer), row)
    return written.first() is not None


def _if_newer(row: Upsert) -> Executable:
    table, new = row.table, row.excluded
    (key,) = table.primary_key
    changed = {column.name: new[column.name] for column in table.columns if column is not key}
    written = row.on_conflict_do_update(
        index_elements=[key.name], set_=changed, where=table.c.version < new.version
    )
    return written.returning(key)


def _replace(row: Upsert) -> Executable:
    """A SKU belongs to one product; should it ever move, the later word counts."""
    changed = {
        column.name: row.excluded[column.name]
        for column in known_skus.columns
        if column.name != "sku_id"
    }
    return row.on_conflict_do_update(index_elements=["sku_id"], set_=changed)


def _heard(row: Upsert) -> Executable:
    heard = {"heard_at": row.excluded.heard_at}
    return row.on_conflict_do_update(index_elements=["of"], set_=heard)


def _sku_row(product_id: str, sku: Sku) -> dict[str, Any]:
    return {
        "sku_id": sku.sku_id,
        "product_id": product_id,
        "merchant_id": sku.merchant_id,
        "sold": sku.sold,
        "price": sku.price.minor,
        "currency": sku.price.currency,
        "goods": texts.written(sku.goods),
    }


def _sku(row: Row[Any]) -> Sku:
    return Sku(
        sku_id=row.sku_id,
        merchant_id=row.merchant_id,
        price=Money(row.price, row.currency),
        sold=row.sold and row.sells,
        goods=texts.read(Goods, row.goods),
    )
