"""What the audit asks the tables, all of them at once and without a word of what was said."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from notification_service.domain.delivery import DeliveryState
from notification_service.domain.notice import ALWAYS, NoticeState
from notification_service.store.tables import deliveries, notices, people, tries, unwanted

_CODES = notices.c.kind.in_(sorted(ALWAYS))
_ITS_DELIVERY = deliveries.c.notice_id == notices.c.id


def notice_states(connection: Connection) -> list[tuple[str, str]]:
    """The id and state of every notice."""
    rows = connection.execute(select(notices.c.id, notices.c.state))
    return [(row.id, row.state) for row in rows]


def waiting_since(connection: Connection, before: datetime) -> list[str]:
    """What waits and is older."""
    waiting = notices.c.state == NoticeState.WAITING
    return _ids(connection, select(notices.c.id).where(waiting, notices.c.created_at < before))


def waiting_in_vain(connection: Connection) -> list[str]:
    """What waits for a contact that is there."""
    known = people.join(notices, people.c.account_id == notices.c.account_id)
    waiting = notices.c.state == NoticeState.WAITING
    query = select(notices.c.id).select_from(known).where(waiting, people.c.version > 0)
    return _ids(connection, query)


def codes_without_delivery(connection: Connection) -> list[str]:
    """Codes that nobody will ever send."""
    none = ~select(deliveries.c.notice_id).where(_ITS_DELIVERY).exists()
    return _ids(connection, select(notices.c.id).where(_CODES, none))


def codes_kept(connection: Connection) -> list[str]:
    """Codes whose words are still there although they have gone."""
    on_its_way = select(deliveries.c.notice_id).where(
        _ITS_DELIVERY, deliveries.c.state == DeliveryState.DUE
    )
    kept = notices.c.facts.is_not(None)
    return _ids(connection, select(notices.c.id).where(_CODES, kept, ~on_its_way.exists()))


def all_deliveries(connection: Connection) -> list[tuple[str, str, str, datetime, datetime]]:
    """Notice, channel, state, next try and end of every delivery."""
    rows = connection.execute(select(deliveries))
    return [(row.notice_id, row.channel, row.state, row.due_at, row.give_up_at) for row in rows]


def outcomes(connection: Connection) -> list[tuple[str, str, str, list[str]]]:
    """Notice, channel and state of every delivery, with the outcomes of its tries."""
    tried: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in connection.execute(select(tries).order_by(tries.c.number)):
        tried[row.notice_id, row.channel].append(row.outcome)
    return [
        (row.notice_id, row.channel, row.state, tried[row.notice_id, row.channel])
        for row in connection.execute(select(deliveries))
    ]


def not_forgotten(connection: Connection) -> list[str]:
    """Erased accounts of which there is more than the mark."""
    named = or_(
        people.c.email.is_not(None), people.c.phone.is_not(None), people.c.display_name != ""
    )
    has_notice = select(notices.c.id).where(notices.c.account_id == people.c.account_id).exists()
    chose = select(unwanted.c.kind).where(unwanted.c.account_id == people.c.account_id).exists()
    left = or_(named, has_notice, chose)
    return _ids(connection, select(people.c.account_id).where(people.c.erased, left))


def _ids(connection: Connection, query: Select[Any]) -> list[str]:
    return [str(one) for one in connection.execute(query).scalars()]
