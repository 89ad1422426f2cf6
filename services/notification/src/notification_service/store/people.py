"""How people are reached, as account last said; each row is also the lock of its notices."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select, update

from notification_service.domain.person import Person
from notification_service.store.tables import people
from shop_events.sql import insert_once

_NOBODY = {"locale": "", "display_name": "", "version": 0, "erased": False}


def lock(connection: Connection, account_id: str) -> Person:
    """The person, locked until this transaction ends; one we know nothing of has version 0."""
    insert_once(connection, people, {"account_id": account_id, **_NOBODY})
    query = select(people).where(people.c.account_id == account_id).with_for_update()
    return _person(connection.execute(query).one())


def find(connection: Connection, account_id: str) -> Person:
    """The person as they are known now, without a lock."""
    row = connection.execute(select(people).where(people.c.account_id == account_id)).first()
    return Person(account_id=account_id) if row is None else _person(row)


def save(connection: Connection, person: Person) -> None:
    """Write all that is known of somebody who was locked before."""
    connection.execute(
        update(people)
        .where(people.c.account_id == person.account_id)
        .values(
            email=person.email,
            phone=person.phone,
            locale=person.locale,
            display_name=person.display_name,
            version=person.version,
            erased=person.erased,
        )
    )


def _person(row: Row[Any]) -> Person:
    return Person(
        account_id=row.account_id,
        email=row.email,
        phone=row.phone,
        locale=row.locale,
        display_name=row.display_name,
        version=row.version,
        erased=row.erased,
    )
