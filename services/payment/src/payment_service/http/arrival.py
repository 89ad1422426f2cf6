"""``Prefer: wait=N`` (RFC 7240): wait until an order can be paid, which order is about to tell."""

from __future__ import annotations

import threading
import time
from typing import Final

from chassis.requests import read
from payment_service.usecases.read_payments import is_payable_known

LOOK_EVERY_S: Final = 0.02


def wait_for_payable(order_id: str, *, account_id: str, within_s: float) -> bool:
    """Wait until it is known whether the account may pay for the order, ``within_s`` at most.

    Returns whether waiting was asked for at all.
    """
    if not within_s:
        return False
    until = time.monotonic() + within_s
    pause = threading.Event()
    while not _is_known(order_id, account_id) and time.monotonic() < until:
        pause.wait(LOOK_EVERY_S)
    return True


def _is_known(order_id: str, account_id: str) -> bool:
    with read() as connection:
        return is_payable_known(connection, order_id, account_id=account_id)
