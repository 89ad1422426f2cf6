"""The one-time token that makes the first admin."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from account_service.store.tables import invitations


def replace(connection: Connection, token_hash: str, *, expires_at: datetime) -> None:
    """From now on this one counts, and none before it."""
    connection.execute(_DELETE)
    connection.execute(insert(invitations), {"token_hash": token_hash, "expires_at": expires_at})


def until(connection: Connection, token_hash: str) -> datetime | None:
    """Until when this one counts; None if it does not."""
    query = select(invitations.c.expires_at).where(invitations.c.token_hash == token_hash)
    found: datetime | None = connection.execute(query).scalar()
    return found


def take_all(connection: Connection) -> dict[str, datetime]:
    """What counts and until when; taken away. Who comes at the same time waits, and finds none."""
    found = {row.token_hash: row.expires_at for row in connection.execute(_LOCKED)}
    connection.execute(_DELETE)
    return found


_LOCKED: Final = select(invitations).order_by(invitations.c.token_hash).with_for_update()
_DELETE: Final = delete(invitations)
