"""``Prefer: wait=N`` (RFC 7240): wait until an order can be paid, which order is about to tell."""

from __future__ import annotations

from chassis.requests import read
from chassis.waiting import hold
from payment_service.usecases.read_payments import is_payable_known


def wait_for_payable(order_id: str, *, account_id: str, within_s: float) -> bool:
    """Wait until it is known whether the account may pay for the order, ``within_s`` at most.

    Returns whether waiting was asked for and granted.
    """
    return hold(lambda: _is_known(order_id, account_id), within_s=within_s)


def _is_known(order_id: str, account_id: str) -> bool:
    with read() as connection:
        return is_payable_known(connection, order_id, account_id=account_id)
