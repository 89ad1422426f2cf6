"""Payments and refunds as the outside sees them."""

from __future__ import annotations

from typing import Any

from payment_service.domain.payment import Payment, PaymentState
from payment_service.domain.refund import Refund, RefundState


def payment_view(payment: Payment) -> dict[str, Any]:
    """A payment, see `schemas.PaymentAnswer`."""
    return {
        "id": payment.id,
        "order_id": payment.order_id,
        "status": payment.state,
        "method": payment.method,
        "amount": payment.amount,
        "code": payment.code,
        "may_retry": payment.may_retry,
        "action": _action(payment),
    }


def _action(payment: Payment) -> dict[str, Any]:
    if payment.state is PaymentState.CREATED:
        return {"type": "card_token"}
    if payment.state is PaymentState.ACTION_REQUIRED:
        return {"type": "redirect", "url": payment.action_url}
    return {"type": "none"}


def refund_view(refund: Refund) -> dict[str, Any]:
    """A refund, see `schemas.RefundAnswer`."""
    waits = refund.state is RefundState.WAITING
    return {
        "id": refund.id,
        "order_id": refund.order_id,
        "status": RefundState.REQUESTED if waits else refund.state,
        "amount": refund.amount,
        "shares": [
            {"merchant_id": one.merchant_id, "line_id": one.line_id, "amount": one.amount}
            for one in refund.shares
        ],
        "reason": refund.reason,
        "code": refund.code,
    }
