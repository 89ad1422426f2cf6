"""A merchant or an admin pays money back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from payment_service.domain.errors import (
    ExceedsCaptured,
    ExceedsLine,
    NothingCaptured,
    PayableNotFound,
)
from payment_service.domain.payment import Payment
from payment_service.domain.refund import Refund, Share
from payment_service.domain.settlement import LineMoney, shares_total
from payment_service.store import line_money, payables, payments, refunds
from payment_service.usecases.carry_out_refunds import is_ready, reserve
from shop_events import Tx

_SHIPPING: Final = ("", "")  # all merchants' together: the confirmation tells only their sum


def refund_by_hand(
    tx: Tx, order_id: str, shares: Sequence[Share], *, reason: str, merchant_id: str | None = None
) -> Refund:
    """Have the provider pay the shares back; of a line at most what was paid for it.

    ``merchant_id`` is the merchant who asks, for its own lines and not for shipping; None is an
    admin. Its outcome is published like any other refund's.

    Raises:
        PayableNotFound: there is no such order, or no line of it is this merchant's.
        NothingCaptured: it is not paid (cash on delivery never is, here).
        ExceedsLine: more than what is left of a line, or a line of somebody else.
        ExceedsCaptured: more than what is left of the captured money (P3).
    """
    payable = payables.find_locked(tx.connection, order_id)
    lines = line_money.of_order(tx.connection, order_id)
    if payable is None or not _may(lines, merchant_id):
        raise PayableNotFound(order_id)
    payment = payments.taken_of(tx.connection, order_id)
    if payment is None or not is_ready(payable):
        raise NothingCaptured(order_id)
    _must_be_left(tx, payment, lines=lines, shares=shares, merchant_id=merchant_id)
    refund = Refund(
        id=tx.new_id(),
        order_id=order_id,
        cause=f"by_hand:{tx.new_id()}",
        amount=shares_total(tuple(shares), payment.amount.currency),
        shares=tuple(shares),
        reason=reason,
    )
    refunds.add(tx.connection, refund, tx.now)
    return _reserve(tx, refund, payment)


def _reserve(tx: Tx, refund: Refund, payment: Payment) -> Refund:
    currency = payment.amount.currency
    left = payment.amount - refunds.sum_of(tx.connection, payment.id, currency, succeeded=False)
    if refund.amount > left:
        raise ExceedsCaptured(refund.order_id, refund.amount, left)
    return reserve(tx, refund, payment)


def _may(lines: Sequence[LineMoney], merchant_id: str | None) -> bool:
    return merchant_id is None or any(line.merchant_id == merchant_id for line in lines)


def _must_be_left(
    tx: Tx,
    payment: Payment,
    *,
    lines: Sequence[LineMoney],
    shares: Sequence[Share],
    merchant_id: str | None,
) -> None:
    """Of each line what was paid for it, less what went back; of shipping what is no line's."""
    left = _paid(payment, lines)
    for refund in refunds.counted_of(tx.connection, payment.order_id):
        for share in refund.shares:
            left[_place(share)] -= share.amount.minor
    for share in shares:
        mine = merchant_id is None or (share.merchant_id == merchant_id and share.line_id)
        left[_place(share)] -= share.amount.minor
        same_currency = share.amount.currency == payment.amount.currency
        if not mine or not same_currency or left[_place(share)] < 0:
            raise ExceedsLine(payment.order_id, share.line_id)


def _paid(payment: Payment, lines: Sequence[LineMoney]) -> Counter[tuple[str, str]]:
    paid: Counter[tuple[str, str]] = Counter()
    for line in lines:
        if line.line_id is not None and line.paid is not None:
            paid[line.merchant_id, line.line_id] += line.paid.minor
    paid[_SHIPPING] = payment.amount.minor - paid.total()
    return paid


def _place(share: Share) -> tuple[str, str]:
    return (share.merchant_id, share.line_id) if share.line_id else _SHIPPING
