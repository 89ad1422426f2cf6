"""An order may be paid now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from payment_service.store import payables
from shop_events import Money, Tx


def open_payable(
    tx: Tx, order_id: str, *, account_id: str, amount: Money, method: str, pay_by: datetime
) -> None:
    """Remember what is due for the order, from whom and until when. Told twice, kept once.

    Where the order was cancelled first, its payable is void from birth.
    """
    payable = payables.lock(tx.connection, order_id)
    if payable.pay_by is None:
        opened = replace(
            payable, account_id=account_id, amount=amount, method=method, pay_by=pay_by
        )
        payables.save(tx.connection, opened)
