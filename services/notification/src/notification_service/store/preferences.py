"""What people do not want to be told, per kind and channel."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from notification_service.domain.notice import Channel, Kind
from notification_service.store.tables import unwanted

Pairs = frozenset[tuple[Kind, Channel]]


def switched_off(connection: Connection, account_id: str) -> Pairs:
    """What this account does not want."""
    rows = connection.execute(select(unwanted).where(unwanted.c.account_id == account_id))
    return frozenset((Kind(row.kind), Channel(row.channel)) for row in rows)


def switch_off(connection: Connection, account_id: str, pairs: Iterable[tuple[str, str]]) -> None:
    """From now on these, and nothing else, are unwanted. Lock the person before."""
    connection.execute(delete(unwanted).where(unwanted.c.account_id == account_id))
    rows = [{"account_id": account_id, "kind": kind, "channel": way} for kind, way in pairs]
    if rows:
        connection.execute(insert(unwanted), rows)
