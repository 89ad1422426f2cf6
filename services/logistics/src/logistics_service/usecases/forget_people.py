"""Who gets an order is deleted when nobody needs to know it any more.

That is 90 days after the order's last parcel arrived, or was given up; at once when the account
is erased and nothing is under way. Ids, goods and amounts stay.
"""

from __future__ import annotations

from dataclasses import replace

from logistics_service.domain.order import Order
from logistics_service.store import fulfilments, orders, people, traces
from logistics_service.usecases import times
from shop_events import Tx


def forget_account(tx: Tx, account_id: str) -> None:
    """The account is erased: its orders forget whom they go to, each as soon as it is over."""
    people.note_erased(tx.connection, account_id, tx.now)
    for order_id in orders.of_account(tx.connection, account_id):
        tx.schedule(times.FORGET, order_id, tx.now)


def forget_when_due(tx: Tx, order_id: str, account_id: str | None) -> None:
    """Something of the order came to its end: from now on its time to be forgotten runs."""
    erased = people.is_erased(tx.connection, account_id)
    tx.schedule(times.FORGET, order_id, tx.now if erased else tx.now + times.KEEP_DETAILS)


def forget_if_over(tx: Tx, order_id: str) -> None:
    """Delete who gets the order, and who signed for it.

    While something of it is under way nothing is deleted: its end sets the time anew.
    """
    order = orders.lock(tx.connection, order_id)
    if order.forgotten or not _is_over(tx, order):
        return
    orders.save(tx.connection, order, replace(order, destination=None, forgotten=True))
    traces.forget_people(tx.connection, order_id)


def _is_over(tx: Tx, order: Order) -> bool:
    started = fulfilments.of_order(tx.connection, order.id)
    return all(one.over for one in started) if started else order.cancelled
