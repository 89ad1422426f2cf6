"""The provider's last word on a payment: the third of the three phases (P4)."""

from __future__ import annotations

import logging
from dataclasses import replace

from payment_service.domain import ledger
from payment_service.domain.errors import spoken
from payment_service.domain.payable import Payable
from payment_service.domain.payment import Payment, PaymentState
from payment_service.outside.provider import ActionRequired, Captured, Declined, QueryAnswer
from payment_service.store import books, calls, payables, payments
from payment_service.store.calls import CallKind
from payment_service.usecases.carry_out_refunds import carry_out_waiting
from shop_events import Tx
from shop_events.contracts.order import PaymentMethod
from shop_events.contracts.payment import PaymentConfirmed, PaymentFailed

log = logging.getLogger(__name__)


def settle_payment(tx: Tx, payment_id: str, answer: QueryAnswer) -> Payment:
    """Record what the provider said. Publishes PaymentConfirmed or PaymentFailed, once.

    Capturing books the money and carries out refunds that waited for it; that may publish
    PaymentRefunded or PaymentRefundFailed. An answer that is not final changes nothing, nor does
    one that repeats what is known. One that contradicts it raises an alarm in the log: a provider
    promises one answer a key, so people must look.

    Raises:
        PaymentNotFound: there is none.
    """
    order_id = payments.get(tx.connection, payment_id).order_id
    payable = payables.lock(tx.connection, order_id)
    payment = payments.lock(tx.connection, payment_id)
    if not payment.is_unsettled:
        if contradicts(payment, answer):
            log.error(
                "The provider's %s contradicts %s payment %s.", answer, payment.state, payment_id
            )
        return payment
    match answer:
        case Captured() if answer.amount != payment.amount:
            log.error("The provider took %s for payment %s.", spoken(answer.amount), payment_id)
            return payment
        case ActionRequired() if payment.state is PaymentState.PROCESSING:
            return _wait_for_buyer(tx, payment.waiting_for_buyer(answer.url))
        case Captured():
            return _capture(tx, payable, payment.captured(answer.provider_ref))
        case Declined():
            return _fail(tx, payment.failed(answer.code, may_retry=answer.may_retry))
        case _:
            return payment


def contradicts(payment: Payment, answer: QueryAnswer) -> bool:
    """Whether the provider says the opposite of what it said before, or of what we know."""
    if isinstance(answer, Captured):
        return not payment.is_taken and not payment.is_unsettled
    return isinstance(answer, Declined) and payment.is_taken


def note_reference(tx: Tx, payment_id: str, provider_ref: str) -> Payment:
    """Record the provider's name for a payment, before it is asked to take the money.

    A payment that was given up meanwhile keeps its state: its money must not be taken any more.
    """
    payables.lock(tx.connection, payments.get(tx.connection, payment_id).order_id)
    payment = payments.lock(tx.connection, payment_id)
    if payment.state is PaymentState.PROCESSING:
        payment = replace(payment, provider_ref=provider_ref)
        payments.save(tx.connection, payment)
    return payment


def _wait_for_buyer(tx: Tx, payment: Payment) -> Payment:
    payments.save(tx.connection, payment)
    return payment


def _capture(tx: Tx, payable: Payable, payment: Payment) -> Payment:
    payments.save(tx.connection, payment)
    calls.done(tx.connection, CallKind.QUERY, payment.id)
    booked = ledger.captured(
        payment.id, payment.order_id, provider=payment.provider, amount=payment.amount
    )
    books.add(tx.connection, booked, tx.now)
    paid = replace(payable, paid=True)
    payables.save(tx.connection, paid)
    tx.publish(
        PaymentConfirmed(
            payment_id=payment.id,
            order_id=payment.order_id,
            method=PaymentMethod(payment.method),
            amount=payment.amount,
        )
    )
    carry_out_waiting(tx, paid)
    return payment


def _fail(tx: Tx, payment: Payment) -> Payment:
    payments.save(tx.connection, payment)
    calls.done(tx.connection, CallKind.QUERY, payment.id)
    tx.publish(
        PaymentFailed(
            payment_id=payment.id,
            order_id=payment.order_id,
            code=payment.code or PaymentState.FAILED,
            may_retry=payment.may_retry,
        )
    )
    return payment
