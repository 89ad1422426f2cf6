"""Refunds in the words of the events, and the names of payment's deadlines."""

from __future__ import annotations

from typing import Final

from payment_service.domain.refund import Refund
from shop_events.contracts.order import RefundShare
from shop_events.contracts.payment import PaymentRefunded, PaymentRefundFailed

REFUND_UNMATCHED: Final = "payment.refund_unmatched"  # key: refund id


def refunded(refund: Refund) -> PaymentRefunded:
    """The money went back, or is not owed any more."""
    return PaymentRefunded(
        refund_id=refund.id,
        payment_id=_payment_of(refund),
        order_id=refund.order_id,
        amount=refund.amount,
        shares=tuple(
            RefundShare(merchant_id=one.merchant_id, amount=one.amount, line_id=one.line_id)
            for one in refund.shares
        ),
    )


def refund_failed(refund: Refund) -> PaymentRefundFailed:
    """The money did not go back."""
    return PaymentRefundFailed(
        refund_id=refund.id,
        payment_id=_payment_of(refund),
        order_id=refund.order_id,
        amount=refund.amount,
        code=refund.code or refund.state,
    )


def _payment_of(refund: Refund) -> str:
    """Where there is no payment, as with cash on delivery, the order's id stands for it."""
    return refund.payment_id or refund.order_id
