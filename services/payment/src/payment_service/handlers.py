"""What payment does when something happened elsewhere, and when its own time has come."""

from __future__ import annotations

from collections.abc import Iterable

from chassis.revocation import listen as listen_for_revocations
from chassis.runtime import settings_of
from payment_service.config import PaymentSettings
from payment_service.domain.payable import Payable
from payment_service.domain.refund import Refund, Share
from payment_service.domain.remittance import Collection
from payment_service.usecases import messages
from payment_service.usecases.collect_cash import collect_cash
from payment_service.usecases.note_confirmation import note_confirmation
from payment_service.usecases.open_payable import open_payable
from payment_service.usecases.request_refund import (
    give_up_refund,
    request_refund,
    send_back_unexpected,
)
from payment_service.usecases.settle_receipt import settle_receipt
from payment_service.usecases.void_payable import void_payable
from shop_events import Subscriptions, Tx
from shop_events.contracts.logistics import CashCollected
from shop_events.contracts.order import (
    OrderCancelled,
    OrderConfirmed,
    OrderPayable,
    OrderPaymentUnexpected,
    OrderReceived,
    OrderRefundRequested,
    RefundShare,
)
from shop_events.contracts.payment import PaymentRefunded, PaymentRefundFailed

subscriptions = Subscriptions("payment")
listen_for_revocations(subscriptions)


@subscriptions.on(OrderPayable)
def open_when_payable(event: OrderPayable, tx: Tx) -> None:
    """The order may be paid."""
    told = Payable(
        order_id=event.order_id,
        account_id=event.account_id,
        amount=event.amount,
        method=event.method,
        pay_by=event.pay_by,
    )
    open_payable(tx, told)


@subscriptions.on(OrderCancelled)
def void_when_cancelled(event: OrderCancelled, tx: Tx) -> None:
    """The order is over; nothing is due any more."""
    void_payable(tx, event.order_id, account_id=event.account_id)


@subscriptions.on(OrderPaymentUnexpected, publishes=(PaymentRefundFailed,))
def send_back_when_unexpected(event: OrderPaymentUnexpected, tx: Tx) -> None:
    """The order does not want this money."""
    send_back_unexpected(tx, event.order_id, event.payment_id, event.amount)


@subscriptions.on(OrderConfirmed, publishes=(PaymentRefunded, PaymentRefundFailed))
def book_when_confirmed(event: OrderConfirmed, tx: Tx) -> None:
    """The order is paid, or will be at the door."""
    note_confirmation(tx, event)


@subscriptions.on(OrderRefundRequested, publishes=(PaymentRefunded, PaymentRefundFailed))
def refund_when_requested(event: OrderRefundRequested, tx: Tx) -> None:
    """Something of the order will not be delivered."""
    request_refund(
        tx,
        Refund(
            id=event.refund_id,
            order_id=event.order_id,
            cause=f"order:{event.refund_id}",
            amount=event.amount,
            shares=_shares(event.shares),
            reason=event.reason,
        ),
    )


@subscriptions.on(CashCollected)
def book_when_collected(event: CashCollected, tx: Tx) -> None:
    """A carrier has the cash for a parcel."""
    told = Collection(
        parcel_id=event.parcel_id,
        order_id=event.order_id,
        carrier=event.carrier,
        waybill=event.waybill,
        amount=event.amount,
        collected_at=tx.now,
    )
    collect_cash(tx, told)


@subscriptions.on(OrderReceived)
def settle_when_received(event: OrderReceived, tx: Tx) -> None:
    """The buyer has the goods of some parcels."""
    settle_receipt(
        tx,
        event.order_id,
        parcel_ids=event.parcel_ids,
        shares=_shares(event.shares),
        rate_bp=settings_of(tx, PaymentSettings).commission_bp,
    )


@subscriptions.at(messages.REFUND_UNMATCHED, publishes=(PaymentRefundFailed,))
def give_up_when_unmatched(refund_id: str, tx: Tx) -> None:
    """A refund waited a day for an order's money nobody told of."""
    give_up_refund(tx, refund_id)


def _shares(shares: Iterable[RefundShare]) -> tuple[Share, ...]:
    return tuple(
        Share(merchant_id=one.merchant_id, line_id=one.line_id, amount=one.amount) for one in shares
    )
