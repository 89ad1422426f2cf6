"""A carrier took cash at a door."""

from __future__ import annotations

import logging

from payment_service.domain import ledger
from payment_service.domain.errors import spoken
from payment_service.domain.remittance import Collection
from payment_service.store import books, payables, remittances
from shop_events import Money, Tx

log = logging.getLogger(__name__)


def collect_cash(tx: Tx, told: Collection) -> None:
    """Book that the carrier owes us the cash of a parcel, once a parcel, and await its bill.

    More cash than the order owes raises an alarm in the log: the buyer paid too much.
    """
    order_id, amount = told.order_id, told.amount
    payable = payables.lock(tx.connection, order_id)
    if not amount:
        return
    posting = ledger.cash_collected(told.parcel_id, order_id, carrier=told.carrier, amount=amount)
    books.add(tx.connection, posting, tx.now)
    remittances.keep(tx.connection, told)
    owed = books.balance_of_order(
        tx.connection, order_id, account=ledger.COD_RECEIVABLE, currency=amount.currency
    )
    if payable.on_delivery and owed < Money.zero(amount.currency):
        log.error("%s too much cash was collected for order %s.", spoken(-owed), order_id)
