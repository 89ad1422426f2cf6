"""Who did what to whom: rows are added, and the database refuses everything else."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, insert, select

from account_service.store.tables import audit
from shop_events import Tx

SHOP: Final = "shop"  # the actor where nobody in particular acted


def note(tx: Tx, action: str, subject: str, *, actor: str = SHOP) -> None:
    """Write a row."""
    row = {
        "id": tx.new_id(),
        "at": tx.now,
        "actor": actor,
        "action": action,
        "subject": subject,
    }
    tx.connection.execute(insert(audit), row)


def of_subject(connection: Connection, subject: str) -> list[tuple[str, str]]:
    """Who did what to it, the oldest first."""
    query = select(audit.c.actor, audit.c.action).where(audit.c.subject == subject)
    return [(row.actor, row.action) for row in connection.execute(query.order_by(audit.c.id))]
