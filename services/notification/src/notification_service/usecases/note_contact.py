"""Keep how somebody is reached, and send what waited to know."""

from __future__ import annotations

from notification_service.domain.person import Person
from notification_service.store import notices, people
from notification_service.usecases.tell import dispatch
from shop_events import Tx


def note_contact(tx: Tx, told: Person) -> None:
    """Somebody is reached so, from now on. An older version changes nothing.

    Whoever is erased stays so: what arrives late brings nobody back.
    """
    known = people.lock(tx.connection, told.account_id)
    if known.erased or told.version <= known.version:
        return
    people.save(tx.connection, told)
    for notice in notices.waiting_of(tx.connection, told.account_id):
        dispatch(tx, notice, told)
