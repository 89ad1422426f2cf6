"""An order is over and takes no money any more."""

from __future__ import annotations

from dataclasses import replace

from payment_service.domain.payment import PaymentState
from payment_service.store import calls, payables, payments
from payment_service.store.calls import CallKind
from shop_events import Tx


def void_payable(tx: Tx, order_id: str, *, account_id: str) -> None:
    """Void what is due for the order, also when that is told later; idempotent.

    A payment the provider has not seen is cancelled, and one that waits for the buyer on the
    provider's page is given up. Another is left to its answer: if the money was taken,
    `settle_payment` says so all the same and the order has it sent back (P9).
    """
    payable = payables.lock(tx.connection, order_id)
    known = payable.account_id or account_id
    payables.save(tx.connection, replace(payable, cancelled=True, account_id=known))
    payment = payments.live_of(tx.connection, order_id)
    if payment is not None and payment.state is PaymentState.CREATED:
        payments.save(tx.connection, payment.to(PaymentState.CANCELLED))
    if payment is not None and payment.state is PaymentState.ACTION_REQUIRED:
        calls.hasten(tx.connection, CallKind.QUERY, payment.id, tx.now)
        tx.left_work = True
