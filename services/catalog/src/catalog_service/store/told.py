"""What others told: who sells and delivers how, what is in stock, which orders are counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, Executable, Row, bindparam, delete, insert, select, update

from catalog_service.domain.delivery import DEFAULT, Rates
from catalog_service.store import texts
from catalog_service.store.tables import (
    counted_orders,
    delivery_rates,
    merchants,
    restatements,
    stock,
)
from shop_events import new_id
from shop_events.sql import Upsert, insert_once, on_conflict
from shop_events.wire import from_plain, to_plain

NONE: Final = "none"


def may_sell(connection: Connection, merchant_ids: Iterable[str]) -> dict[str, bool]:
    """Whether each merchant may sell; they are locked, in the order of their ids.

    Who changes a product holds its merchant first, and then the product: so one merchant's codes
    are given out one by one, and nothing is put up for sale beside a suspension. Somebody never
    heard of may sell: account tells of every merchant, if perhaps later.
    """
    found = {}
    for merchant_id in sorted(set(merchant_ids)):
        row = connection.execute(_HOLD_MERCHANT, {"of_merchant": merchant_id}).first()
        if row is None:
            unknown = {"id": merchant_id, "name": "", "active": True, "version": 0}
            insert_once(connection, merchants, unknown)
            row = connection.execute(_HOLD_MERCHANT, {"of_merchant": merchant_id}).one()
        found[merchant_id] = bool(row.active)
    return found


def suspended(connection: Connection, merchant_ids: Iterable[str]) -> set[str]:
    """Those of these merchants that may not sell, for whoever only looks."""
    query = select(merchants.c.id).where(
        merchants.c.id.in_(list(merchant_ids)), merchants.c.active.is_(False)
    )
    return set(connection.scalars(query))


def merchant(connection: Connection, merchant_id: str) -> Row[Any] | None:
    """What is known of a merchant."""
    query = select(merchants).where(merchants.c.id == merchant_id)
    return connection.execute(query).first()


def note_merchant(
    connection: Connection, merchant_id: str, *, name: str, active: bool, version: int
) -> bool:
    """Keep what is newer than what is known; whether it was."""
    values = {"id": merchant_id, "name": name, "active": active, "version": version}
    newer = on_conflict(connection, merchants, _newer_merchant)
    return connection.execute(newer, values).first() is not None


def note_stock(connection: Connection, sku_id: str, *, band: str, version: int) -> bool:
    """Keep what is newer than what is known; whether it was."""
    values = {"sku_id": sku_id, "band": band, "version": version}
    newer = on_conflict(connection, stock, _newer_stock)
    return connection.execute(newer, values).first() is not None


def note_rates(connection: Connection, rates: Rates) -> None:
    """Keep what is newer than what is known."""
    body = texts.write(to_plain(rates))
    values = {"rates_id": rates.rates_id, "version": rates.version, "body": body}
    connection.execute(on_conflict(connection, delivery_rates, _newer_rates), values)


def rates_of(connection: Connection, merchant_id: str) -> Rates:
    """How the merchant delivers: by rates of his own, or by those of all who have none."""
    query = select(delivery_rates).where(delivery_rates.c.rates_id.in_([merchant_id, DEFAULT]))
    found = {row.rates_id: row.body for row in connection.execute(query)}
    body = found.get(merchant_id) or found.get(DEFAULT)
    if body is None:
        return Rates(rates_id=DEFAULT, methods=(), version=0)
    return from_plain(Rates, texts.read(body))


def expect_stock(connection: Connection, sku_ids: Iterable[str]) -> None:
    """New SKUs are about to be shown: have a row for each, of version 0 where nothing was told.

    So whoever tells of one at this moment is waited for, or waits and then finds the product.
    """
    rows = [{"sku_id": one, "band": NONE, "version": 0} for one in sorted(sku_ids)]
    if rows:
        connection.execute(on_conflict(connection, stock, _unless_told), rows)


def bands(connection: Connection, sku_ids: Iterable[str]) -> dict[str, str]:
    """What people see of the stock of these SKUs (S9); of which nothing was told, there is none."""
    ids = list(sku_ids)
    known = select(stock.c.sku_id, stock.c.band).where(stock.c.sku_id.in_(ids))
    return dict.fromkeys(ids, NONE) | {row.sku_id: row.band for row in connection.execute(known)}


def count_order(connection: Connection, order_id: str) -> bool:
    """Whether this order is counted now, and was not before."""
    return insert_once(connection, counted_orders, {"order_id": order_id})


def ask_restatement(connection: Connection, kind: str, key: str) -> None:
    """All products of ``key`` (a merchant, a category) are to be told anew.

    A row each time, and never one that is there already: asking waits for nobody.
    """
    row = {"id": new_id(), "kind": kind, "key": key, "after": ""}
    connection.execute(insert(restatements), row)


def is_any_restatement(connection: Connection) -> bool:
    """Whether there is anything to tell anew."""
    return connection.execute(select(restatements.c.id).limit(1)).first() is not None


def take_restatement(connection: Connection) -> Row[Any] | None:
    """A restatement that nobody else works at, the oldest."""
    query = select(restatements).order_by(restatements.c.id).limit(1)
    return connection.execute(query.with_for_update(skip_locked=True)).first()


def go_on_after(connection: Connection, restatement_id: str, product_id: str | None) -> None:
    """The restatement is done up to this product; None: to the end."""
    mine = restatements.c.id == restatement_id
    if product_id is None:
        connection.execute(delete(restatements).where(mine))
    else:
        connection.execute(update(restatements).where(mine).values(after=product_id))


_HOLD_MERCHANT: Final = (
    select(merchants.c.active).where(merchants.c.id == bindparam("of_merchant")).with_for_update()
)


def _newer_merchant(row: Upsert) -> Executable:
    new = row.excluded
    return row.on_conflict_do_update(
        index_elements=["id"],
        set_={"name": new.name, "active": new.active, "version": new.version},
        where=new.version > merchants.c.version,
    ).returning(merchants.c.id)


def _unless_told(row: Upsert) -> Executable:
    return row.on_conflict_do_nothing()


def _newer_stock(row: Upsert) -> Executable:
    new = row.excluded
    return row.on_conflict_do_update(
        index_elements=["sku_id"],
        set_={"band": new.band, "version": new.version},
        where=new.version > stock.c.version,
    ).returning(stock.c.sku_id)


def _newer_rates(row: Upsert) -> Executable:
    new = row.excluded
    return row.on_conflict_do_update(
        index_elements=["rates_id"],
        set_={"version": new.version, "body": new.body},
        where=new.version > delivery_rates.c.version,
    )
