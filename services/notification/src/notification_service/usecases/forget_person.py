"""Forget somebody whose account is erased."""

from __future__ import annotations

from notification_service.domain.person import Person
from notification_service.store import notices, people, preferences
from shop_events import Tx


def forget_person(tx: Tx, account_id: str) -> None:
    """Take away contact, inbox, messages on their way and preferences. Idempotent.

    The account's id stays, marked, and whose order is whose: ids alone, which name nobody.
    """
    known = people.lock(tx.connection, account_id)
    addresses = [one for one in (known.email, known.phone) if one is not None]
    if addresses:
        notices.forget_codes_to(tx.connection, addresses)
    notices.forget(tx.connection, account_id)
    preferences.switch_off(tx.connection, account_id, ())
    people.save(tx.connection, Person(account_id=account_id, erased=True))
