"""Merchants."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select, update

from account_service.domain.errors import MerchantNotFound
from account_service.domain.merchant import Merchant, MerchantStatus
from account_service.store.tables import merchants
from shop_events.sql import insert_once


def add(connection: Connection, merchant: Merchant) -> bool:
    """Keep a new one; False where its id is taken."""
    row = {
        "id": merchant.id,
        "name": merchant.name,
        "status": merchant.status,
        "version": merchant.version,
    }
    return insert_once(connection, merchants, row)


def get(connection: Connection, merchant_id: str, *, locked: bool = False) -> Merchant:
    """The merchant; ``locked`` until this transaction ends.

    Raises:
        MerchantNotFound: there is none.
    """
    row = connection.execute(_LOCKED if locked else _ONE, {"of_merchant": merchant_id}).first()
    if row is None:
        raise MerchantNotFound(merchant_id)
    return _merchant(row)


def list_all(connection: Connection, *, after: str, at_most: int) -> list[Merchant]:
    """Every merchant whose id comes after this one."""
    rows = connection.execute(_ALL, {"after": after, "at_most": at_most})
    return [_merchant(row) for row in rows]


def save(connection: Connection, merchant: Merchant) -> None:
    """Write a changed one, which is locked."""
    changed = {
        "name": merchant.name,
        "status": merchant.status,
        "version": merchant.version,
    }
    connection.execute(_WRITE, {"of_merchant": merchant.id, **changed})


def _merchant(row: Row[Any]) -> Merchant:
    return Merchant(
        id=row.id, name=row.name, status=MerchantStatus(row.status), version=row.version
    )


_ONE: Final = select(merchants).where(merchants.c.id == bindparam("of_merchant"))
_LOCKED: Final = _ONE.with_for_update()
_WRITE: Final = update(merchants).where(merchants.c.id == bindparam("of_merchant"))
_ALL: Final = (
    select(merchants)
    .where(merchants.c.id > bindparam("after"))
    .order_by(merchants.c.id)
    .limit(bindparam("at_most"))
)
