"""What belongs to an order and is rarely read: why it costs that much, to whom it goes."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, insert, select, update

from order_service.domain.papers import Papers
from order_service.domain.quote import Destination
from order_service.store import texts
from order_service.store.tables import order_papers, orders


def add(connection: Connection, order_id: str, explanation: object, accepted: object) -> None:
    """Freeze why the order costs what it costs, and what its buyer agreed to."""
    row = {
        "order_id": order_id,
        "explanation": texts.written(explanation),
        "accepted": texts.written(accepted),
    }
    connection.execute(insert(order_papers), row)


def of_order(connection: Connection, order_id: str) -> Papers:
    """The papers of an order that there is."""
    query = (
        select(orders.c.destination, orders.c.note, order_papers)
        .join_from(orders, order_papers, isouter=True)
        .where(orders.c.id == order_id)
    )
    row = connection.execute(query).one()
    return Papers(
        destination=texts.read(Destination, row.destination),
        note=row.note,
        explanation=None if row.explanation is None else texts.plain(row.explanation),
        accepted=None if row.accepted is None else texts.plain(row.accepted),
    )


def scrub(connection: Connection, account_id: str) -> int:
    """Forget to whom this account's orders went; how many. The division and the amounts stay."""
    query = select(orders.c.id, orders.c.destination).where(orders.c.account_id == account_id)
    rows = connection.execute(query.order_by(orders.c.id).with_for_update()).all()
    for row in rows:
        known = texts.read(Destination, row.destination)
        left = replace(known, recipient="", phone="", address="")
        changed = {"destination": texts.written(left), "note": None}
        connection.execute(update(orders).where(orders.c.id == row.id).values(**changed))
    return len(rows)
