"""A carrier took cash at a door."""

from __future__ import annotations

import logging

from payment_service.domain import ledger
from payment_service.domain.errors import spoken
from payment_service.store import books, payables
from shop_events import Money, Tx

log = logging.getLogger(__name__)


def collect_cash(tx: Tx, order_id: str, *, parcel_id: str, carrier: str, amount: Money) -> None:
    """Book that the carrier owes us the cash of a parcel, once a parcel.

    More cash than the order owes raises an alarm in the log: the buyer paid too much.
    """
    payable = payables.lock(tx.connection, order_id)
    if not amount:
        return
    posting = ledger.cash_collected(parcel_id, order_id, carrier=carrier, amount=amount)
    books.add(tx.connection, posting, tx.now)
    owed = books.balance_of_order(
        tx.connection, order_id, account=ledger.COD_RECEIVABLE, currency=amount.currency
    )
    if payable.on_delivery and owed < Money.zero(amount.currency):
        log.error("%s too much cash was collected for order %s.", spoken(-owed), order_id)
