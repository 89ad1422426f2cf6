"""A merchant or an admin pays money back."""

from __future__ import annotations

from collections.abc import Sequence

from payment_service.domain.errors import PayableNotFound
from payment_service.domain.refund import BY_HAND, Refund, Share
from payment_service.domain.settlement import shares_total
from payment_service.store import line_money, payables, refunds
from payment_service.usecases.carry_out_refunds import carry_out
from payment_service.usecases.left_to_refund import paid_order
from shop_events import Tx


def refund_by_hand(
    tx: Tx, order_id: str, shares: Sequence[Share], *, reason: str, merchant_id: str | None = None
) -> Refund:
    """Have the shares paid back; of a line at most what was paid for it.

    ``merchant_id`` is the merchant who asks, for its own lines and not for shipping; None is an
    admin. Its outcome is published like any other refund's; for cash on delivery at once.

    Raises:
        PayableNotFound: there is no such order, or no line of it is this merchant's.
        NothingCaptured: it is not paid.
        ExceedsLine: more than what is left of a line, or a line of somebody else.
        ExceedsCaptured: more than what is left of what was paid (P3).
    """
    if not _may(tx, order_id, merchant_id):  # before the lock: one's own alone are waited for
        raise PayableNotFound(order_id)
    payable = payables.find_locked(tx.connection, order_id)
    if payable is None:
        raise PayableNotFound(order_id)
    paid = paid_order(tx, payable)
    paid.must_leave_shares(tx, shares, merchant_id)
    refund = Refund(
        id=tx.new_id(),
        order_id=order_id,
        cause=f"{BY_HAND}{tx.new_id()}",
        amount=shares_total(tuple(shares), paid.amount.currency),
        shares=tuple(shares),
        reason=reason,
    )
    paid.must_leave(tx, refund.amount)
    refunds.add(tx.connection, refund, tx.now)
    carry_out(tx, payable, refund)
    return refunds.get(tx.connection, refund.id)


def _may(tx: Tx, order_id: str, merchant_id: str | None) -> bool:
    lines = line_money.of_order(tx.connection, order_id)
    return merchant_id is None or any(line.merchant_id == merchant_id for line in lines)
