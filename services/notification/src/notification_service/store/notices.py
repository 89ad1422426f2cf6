"""Notices: one a cause, whatever is told twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from notification_service.domain.errors import NotificationNotFound
from notification_service.domain.notice import ALWAYS, Facts, Kind, Notice, NoticeState
from notification_service.store import texts
from notification_service.store.tables import notices
from shop_events.sql import insert_once


def add(connection: Connection, notice: Notice) -> bool:
    """Keep a new notice; False when its cause is known already."""
    facts = texts.from_code(notice.code) if notice.code else texts.from_facts(notice.facts)
    values = {
        "id": notice.id,
        "cause": notice.cause,
        "kind": notice.kind,
        "account_id": notice.account_id,
        "order_id": notice.order_id,
        "facts": facts,
        "state": notice.state,
        "in_inbox": False,
        "created_at": notice.created_at,
    }
    return insert_once(connection, notices, values)


def find(connection: Connection, notice_id: str) -> Notice | None:
    """The notice; None once its person is forgotten."""
    row = connection.execute(select(notices).where(notices.c.id == notice_id)).first()
    return None if row is None else _notice(row)


def lock_waiting(connection: Connection, notice_id: str) -> Notice | None:
    """The notice, locked, if it waits; None otherwise."""
    query = select(notices).where(notices.c.id == notice_id, _WAITING).with_for_update()
    row = connection.execute(query).first()
    return None if row is None else _notice(row)


def waiting_of(connection: Connection, account_id: str) -> list[Notice]:
    """What waits for this person's contact, the oldest first. Lock the person before."""
    return _all(connection, notices.c.account_id == account_id, _WAITING)


def waiting_for(connection: Connection, order_id: str) -> list[Notice]:
    """What waits to hear whose order this is, the oldest first. Lock the order before."""
    return _all(connection, notices.c.order_id == order_id, _WAITING)


def address_to(connection: Connection, notice_id: str, account_id: str) -> None:
    """It is known now whom the notice is for."""
    connection.execute(
        update(notices).where(notices.c.id == notice_id).values(account_id=account_id)
    )


def about(connection: Connection, cause: str) -> Notice | None:
    """What was told for this cause, or waits; None before, and once its person is forgotten."""
    row = connection.execute(select(notices).where(notices.c.cause == cause)).first()
    return None if row is None else _notice(row)


def correct(connection: Connection, notice_id: str, facts: Facts) -> None:
    """It says something else from now on, to whoever reads it or has not been sent it."""
    changed = {"facts": texts.from_facts(facts)}
    connection.execute(update(notices).where(notices.c.id == notice_id).values(changed))


def settle(connection: Connection, notice: Notice, state: NoticeState, *, in_inbox: bool) -> None:
    """The notice waits no longer."""
    changed = {"state": state, "in_inbox": in_inbox}
    connection.execute(update(notices).where(notices.c.id == notice.id).values(changed))


def erase_facts(connection: Connection, notice_id: str) -> None:
    """Leave nothing of a code: neither its address nor what it said. Other notices are kept."""
    its = notices.c.id == notice_id
    connection.execute(
        update(notices).where(its, notices.c.kind.in_(sorted(ALWAYS))).values(facts=None)
    )


def forget(connection: Connection, account_id: str) -> None:
    """Take away all notices of an account, with their deliveries."""
    connection.execute(delete(notices).where(notices.c.account_id == account_id))


def forget_codes_to(connection: Connection, addresses: Sequence[str]) -> None:
    """Take away the codes that are still on their way to one of these addresses."""
    query = select(notices.c.id, notices.c.facts).where(
        notices.c.account_id.is_(None), notices.c.order_id.is_(None), notices.c.facts.is_not(None)
    )
    rows = connection.execute(query).all()
    theirs = [row.id for row in rows if texts.to_code(row.facts).address in addresses]
    connection.execute(delete(notices).where(notices.c.id.in_(theirs)))


def inbox(
    connection: Connection, account_id: str, *, before: str | None, at_most: int
) -> list[Notice]:
    """An account's inbox, the newest first, older than the notice ``before``."""
    query = select(notices).where(notices.c.account_id == account_id, notices.c.in_inbox)
    if before is not None:
        query = query.where(notices.c.id < before)
    rows = connection.execute(query.order_by(notices.c.id.desc()).limit(at_most))
    return [_notice(row) for row in rows]


def mark_read(connection: Connection, notice_id: str, account_id: str, at: datetime) -> Notice:
    """Note when it was first read.

    Raises:
        NotificationNotFound: it is not in this account's inbox.
    """
    its = (notices.c.id == notice_id) & (notices.c.account_id == account_id) & notices.c.in_inbox
    connection.execute(update(notices).where(its, notices.c.read_at.is_(None)).values(read_at=at))
    row = connection.execute(select(notices).where(its)).first()
    if row is None:
        raise NotificationNotFound(notice_id)
    return _notice(row)


def _all(connection: Connection, *conditions: ColumnElement[bool]) -> list[Notice]:
    rows = connection.execute(select(notices).where(*conditions).order_by(notices.c.id))
    return [_notice(row) for row in rows]


_WAITING = notices.c.state == NoticeState.WAITING


def _notice(row: Row[Any]) -> Notice:
    kind = Kind(row.kind)
    facts = {} if row.facts is None or kind in ALWAYS else {"facts": texts.to_facts(row.facts)}
    return Notice(
        id=row.id,
        cause=row.cause,
        kind=kind,
        created_at=row.created_at,
        account_id=row.account_id,
        order_id=row.order_id,
        code=texts.to_code(row.facts) if row.facts is not None and kind in ALWAYS else None,
        state=NoticeState(row.state),
        read_at=row.read_at,
        **facts,
    )
