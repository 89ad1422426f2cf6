"""A provider told by itself what became of a payment."""

from __future__ import annotations

from dataclasses import dataclass

from payment_service.domain.errors import CallbackMismatch, PaymentNotFound
from payment_service.outside.provider import Captured, Declined
from payment_service.store import callbacks, payables, payments
from payment_service.store.callbacks import Taken
from payment_service.usecases.settle_payment import contradicts, settle_payment
from shop_events import Money, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """What a signed callback says; ``amount`` is what the payment was about, taken or not."""

    provider: str
    event_id: str
    payment_id: str
    amount: Money
    answer: Captured | Declined


def take_callback(tx: Tx, callback: Callback) -> None:
    """Record a callback whose signature was checked, and settle its payment. Repeats do nothing.

    Publishes what `settle_payment` does.

    Raises:
        PaymentNotFound: there is no such payment, or it is another provider's.
        CallbackMismatch: it speaks of another amount or currency (P5).
    """
    order_id = payments.get(tx.connection, callback.payment_id).order_id
    payables.lock(tx.connection, order_id)
    payment = payments.lock(tx.connection, callback.payment_id)
    if payment.provider != callback.provider:
        raise PaymentNotFound(callback.payment_id)
    if payment.amount != callback.amount:
        raise CallbackMismatch(payment.id, callback.amount, payment.amount)
    taken = Taken(
        provider=callback.provider,
        event_id=callback.event_id,
        payment_id=payment.id,
        outcome="captured" if isinstance(callback.answer, Captured) else "declined",
        contradicts=contradicts(payment, callback.answer),
    )
    if callbacks.add(tx.connection, taken, tx.now):
        settle_payment(tx, payment.id, callback.answer)
