"""The buyer pays: the first of the three phases (P4)."""

from __future__ import annotations

from dataclasses import replace

from payment_service.domain.errors import (
    CardTokenNeeded,
    MethodNotOffered,
    OrderNotPayableYet,
    PaymentInProgress,
)
from payment_service.domain.ladder import wait_after
from payment_service.domain.payment import Payment, PaymentState
from payment_service.store import calls, payables, payments
from payment_service.store.calls import Call, CallKind
from shop_events import Tx
from shop_events.contracts.order import PaymentMethod


def start_payment(
    tx: Tx,
    order_id: str,
    *,
    account_id: str,
    method: PaymentMethod,
    return_url: str | None = None,
) -> Payment:
    """Begin to pay what is due for the order; the amount comes from its payable alone.

    The payment is ``created`` and waits for `confirm_payment`; beginning anew cancels it.

    Raises:
        MethodNotOffered: nobody pays online in this way.
        OrderNotPayableYet: the order was not told yet, does not exist, or is somebody else's.
        OrderNotPayable: it is paid, void, or its time is over.
        PaymentInProgress: an earlier payment has not been settled.
    """
    if method is not PaymentMethod.CARD:
        raise MethodNotOffered(method)
    payable = payables.find_locked(tx.connection, order_id)
    if payable is None:
        raise OrderNotPayableYet(order_id)
    amount = payable.due(account_id, tx.now)
    _make_room(tx, order_id)
    payment = Payment(
        id=tx.new_id(),
        order_id=order_id,
        account_id=account_id,
        amount=amount,
        method=method,
        provider="",
        created_at=tx.now,
        return_url=return_url,
    )
    payments.add(tx.connection, payment)
    return payment


def confirm_payment(tx: Tx, payment_id: str, *, account_id: str, provider: str) -> Payment:
    """The buyer said with which card, one of ``provider``: the payment is ``processing``.

    It must be captured right after this transaction, its id being the provider's key. Should that
    never happen, a query settles it.

    Raises:
        PaymentNotFound: there is no such payment, or it is somebody else's.
        OrderNotPayable: meanwhile the order is void, or its time is over.
        IllegalTransition: the payment was sent to the provider before, or is over.
    """
    order_id = payments.of_account(tx.connection, payment_id, account_id).order_id
    payables.lock(tx.connection, order_id).due(account_id, tx.now)
    payment = payments.lock(tx.connection, payment_id)
    return _process(tx, replace(payment, provider=provider))


def must_have_card(tx: Tx, payment_id: str, *, account_id: str) -> Payment:
    """The account's payment, of which a card was named before.

    Raises:
        PaymentNotFound: there is no such payment, or it is somebody else's.
        CardTokenNeeded: it waits for a card.
    """
    payment = payments.of_account(tx.connection, payment_id, account_id)
    if payment.state is PaymentState.CREATED:
        raise CardTokenNeeded(payment_id)
    return payment


def _make_room(tx: Tx, order_id: str) -> None:
    earlier = payments.live_of(tx.connection, order_id)
    if earlier is None:
        return
    if earlier.state is not PaymentState.CREATED:
        raise PaymentInProgress(order_id, earlier.id)
    payments.save(tx.connection, earlier.to(PaymentState.CANCELLED))


def _process(tx: Tx, payment: Payment) -> Payment:
    """From here on only the provider knows; the capture itself is the first time it is asked."""
    processing = payment.to(PaymentState.PROCESSING)
    payments.save(tx.connection, processing)
    query = Call(kind=CallKind.QUERY, key=payment.id, attempts=1)
    calls.want(tx.connection, query, tx.now + wait_after(0))
    return processing
