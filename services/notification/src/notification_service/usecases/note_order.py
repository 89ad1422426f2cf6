"""Keep whose order it is, and send what waited to know."""

from __future__ import annotations

from dataclasses import replace

from notification_service.domain.order import Order
from notification_service.store import notices, orders, people
from notification_service.usecases.tell import dispatch
from shop_events import Tx


def note_order(tx: Tx, told: Order) -> None:
    """The order is this account's. Idempotent: it never becomes another's."""
    assert told.account_id is not None  # noqa: S101 - both events that say it name the account
    if orders.lock(tx.connection, told.order_id).account_id is not None:
        return
    orders.save(tx.connection, told)
    waiting = notices.waiting_for(tx.connection, told.order_id)
    if not waiting:
        return
    person = people.lock(tx.connection, told.account_id)
    for notice in waiting:
        notices.address_to(tx.connection, notice.id, told.account_id)
        dispatch(tx, replace(notice, account_id=told.account_id), person)
