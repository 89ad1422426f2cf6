"""What is on its way, and when it is tried next: outstanding work that outlives any process."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from notification_service.domain.delivery import Delivery, DeliveryState, Tried
from notification_service.domain.notice import Channel
from notification_service.store.tables import deliveries, tries
from shop_events.sql import insert_once

# A try that was begun is begun again after this time: whoever began it has died. Longer than a
# whole conversation with a mail server that is slow at every word.
LEASE: Final = timedelta(minutes=5)


def add(connection: Connection, delivery: Delivery, now: datetime) -> bool:
    """Have it sent; False when it is on its way, or gone, already."""
    values = {
        "notice_id": delivery.notice_id,
        "channel": delivery.channel,
        "state": DeliveryState.DUE,
        "due_at": now,
        "give_up_at": delivery.give_up_at,
        "attempts": 0,
    }
    return insert_once(connection, deliveries, values)


def is_any_due(connection: Connection, now: datetime) -> bool:
    """Whether there is something to send now."""
    query = select(deliveries.c.notice_id).where(_DUE, deliveries.c.due_at <= now).limit(1)
    return connection.execute(query).first() is not None


def claim(connection: Connection, now: datetime) -> Delivery | None:
    """The due delivery that must be gone first, taken for five minutes.

    Codes go before everything else, since they end first. Others pass over a row being taken.
    """
    most_urgent = (
        select(deliveries)
        .where(_DUE, deliveries.c.due_at <= now)
        .order_by(deliveries.c.give_up_at, deliveries.c.notice_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(most_urgent).first()
    if row is None:
        return None
    taken = _delivery(row, attempts=row.attempts + 1)
    changed = {"due_at": now + LEASE, "attempts": taken.attempts}
    connection.execute(update(deliveries).where(_is(taken)).values(changed))
    return taken


def end(connection: Connection, delivery: Delivery, state: DeliveryState) -> bool:
    """It is sent, or given up; False when it ended before, or its person is forgotten."""
    return _change(connection, delivery, state=state)


def put_off(connection: Connection, delivery: Delivery, due_at: datetime) -> bool:
    """Try again then; False when it ended meanwhile."""
    return _change(connection, delivery, due_at=due_at)


def log(connection: Connection, delivery: Delivery, tried: Tried, at: datetime) -> None:
    """Write one try into the delivery log."""
    values = {"notice_id": delivery.notice_id, "channel": delivery.channel, "at": at}
    outcome = {"outcome": tried.outcome, "code": tried.code[:32]}
    connection.execute(insert(tries), values | outcome)


def _change(connection: Connection, delivery: Delivery, **values: Any) -> bool:
    changed = update(deliveries).where(_is(delivery), _DUE).values(values)
    return connection.execute(changed).rowcount > 0


_DUE: Final = deliveries.c.state == DeliveryState.DUE


def _is(delivery: Delivery) -> ColumnElement[bool]:
    its_channel = deliveries.c.channel == delivery.channel
    return (deliveries.c.notice_id == delivery.notice_id) & its_channel


def _delivery(row: Row[Any], *, attempts: int) -> Delivery:
    return Delivery(
        notice_id=row.notice_id,
        channel=Channel(row.channel),
        give_up_at=row.give_up_at,
        attempts=attempts,
    )
