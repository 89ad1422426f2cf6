"""Accounts whose people are to be forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from logistics_service.store.tables import erased_accounts
from shop_events.sql import insert_once


def note_erased(connection: Connection, account_id: str, at: datetime) -> None:
    """Remember that the account is gone: what its orders tell later is deleted, too."""
    insert_once(connection, erased_accounts, {"account_id": account_id, "erased_at": at})


def is_erased(connection: Connection, account_id: str | None) -> bool:
    """Whether the account is gone."""
    query = select(erased_accounts.c.account_id).where(erased_accounts.c.account_id == account_id)
    return connection.execute(query).first() is not None
