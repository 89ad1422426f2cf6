"""An order may be paid now."""

from __future__ import annotations

from dataclasses import replace

from payment_service.domain.payable import Payable
from payment_service.store import payables
from shop_events import Tx


def open_payable(tx: Tx, told: Payable) -> None:
    """Remember what is due for the order, from whom and until when. Told twice, kept once.

    Where the order was cancelled first, its payable is void from birth.
    """
    known = payables.lock(tx.connection, told.order_id)
    if known.pay_by is None:
        opened = replace(
            known,
            account_id=told.account_id,
            amount=told.amount,
            method=told.method,
            pay_by=told.pay_by,
        )
        payables.save(tx.connection, opened)
