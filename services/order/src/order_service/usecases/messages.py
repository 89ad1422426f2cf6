"""An order in the words of the events it publishes."""

from __future__ import annotations

from collections.abc import Iterable

from order_service.domain.order import Order, Share
from shop_events.contracts.order import (
    CancelReason,
    OrderCancelled,
    OrderConfirmed,
    OrderLine,
    RefundShare,
)


def order_lines(order: Order) -> tuple[OrderLine, ...]:
    """The lines as they were ordered."""
    return tuple(
        OrderLine(
            line_id=line.line_id,
            sku_id=line.sku_id,
            merchant_id=line.merchant_id,
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount_share=line.discount_share,
            payable=line.payable,
        )
        for line in order.lines
    )


def refund_shares(shares: Iterable[Share]) -> tuple[RefundShare, ...]:
    """The shares as they travel."""
    return tuple(
        RefundShare(merchant_id=share.merchant_id, amount=share.amount, line_id=share.line_id)
        for share in shares
    )


def confirmed(order: Order) -> OrderConfirmed:
    """The order may be packed."""
    return OrderConfirmed(
        order_id=order.id,
        number=order.number,
        account_id=order.account_id,
        on_delivery=order.on_delivery,
        lines=order_lines(order),
        shipping=order.shipping,
        amount=order.total,
    )


def cancelled(order: Order) -> OrderCancelled:
    """The order is over."""
    return OrderCancelled(
        order_id=order.id,
        account_id=order.account_id,
        reason=CancelReason(order.cancel_reason or CancelReason.BUYER),
        lines=order_lines(order),
    )
