"""Whose copies may be kept."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from review_service.store.tables import accounts
from shop_events.sql import insert_once


def lock(connection: Connection, account_id: str) -> bool:
    """Lock the account until this transaction ends; whether it was erased.

    Taken before any order's lock, so that nothing is kept of somebody who is being erased.
    """
    insert_once(connection, accounts, {"account_id": account_id, "erased": False})
    return bool(connection.execute(_LOCKED, {"of_account": account_id}).scalar_one())


def note_erased(connection: Connection, account_id: str) -> None:
    """The account, locked already, was erased."""
    connection.execute(_ERASE, {"of_account": account_id})


_LOCKED: Final = (
    select(accounts.c.erased)
    .where(accounts.c.account_id == bindparam("of_account"))
    .with_for_update()
)
_ERASE: Final = (
    update(accounts).where(accounts.c.account_id == bindparam("of_account")).values(erased=True)
)
