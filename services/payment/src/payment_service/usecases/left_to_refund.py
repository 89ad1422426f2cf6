"""How much of an order's money is left to be paid back: in all, and of each line (P3, M7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from payment_service.domain.errors import ExceedsCaptured, ExceedsLine, NothingCaptured
from payment_service.domain.payable import Payable
from payment_service.domain.payment import Payment
from payment_service.domain.refund import Share
from payment_service.domain.settlement import LineMoney
from payment_service.store import line_money, payments, refunds
from payment_service.usecases.carry_out_refunds import is_ready
from shop_events import Money, Tx
from shop_events.values import total

_SHIPPING: Final = ("", "")  # all merchants' together: the confirmation tells only their sum


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOrder:
    """An order whose money is here: captured by ``payment``, or paid at the door without one."""

    order_id: str
    amount: Money
    payment: Payment | None

    def must_leave(self, tx: Tx, amount: Money) -> None:
        """Make sure that ``amount`` is left of what was paid.

        Raises:
            ExceedsCaptured: it is not, or it is in another currency.
        """
        left = self.amount - self._given_back(tx)
        if amount.currency != left.currency or amount > left:
            raise ExceedsCaptured(self.order_id, amount, left)

    def must_leave_shares(self, tx: Tx, shares: Sequence[Share], merchant_id: str | None) -> None:
        """Make sure that of each line what was paid for it is left; of shipping what is no line's.

        ``merchant_id``: whose lines alone they may be; None is anybody's, and shipping.

        Raises:
            ExceedsLine: it is not, or a line is somebody else's.
        """
        left = self._paid(line_money.of_order(tx.connection, self.order_id))
        for refund in refunds.counted_of(tx.connection, self.order_id):
            for share in refund.shares:
                left[_place(share)] -= share.amount.minor
        for share in shares:
            mine = merchant_id is None or (share.merchant_id == merchant_id and share.line_id)
            left[_place(share)] -= share.amount.minor
            same_currency = share.amount.currency == self.amount.currency
            if not mine or not same_currency or left[_place(share)] < 0:
                raise ExceedsLine(self.order_id, share.line_id)

    def _given_back(self, tx: Tx) -> Money:
        currency = self.amount.currency
        if self.payment is not None:
            return refunds.sum_of(tx.connection, self.payment.id, currency, succeeded=False)
        counted = refunds.counted_of(tx.connection, self.order_id)
        return total((refund.amount for refund in counted), currency)

    def _paid(self, lines: Sequence[LineMoney]) -> Counter[tuple[str, str]]:
        paid: Counter[tuple[str, str]] = Counter()
        for line in lines:
            if line.line_id is not None and line.paid is not None:
                paid[line.merchant_id, line.line_id] += line.paid.minor
        paid[_SHIPPING] = self.amount.minor - paid.total()
        return paid


def paid_order(tx: Tx, payable: Payable) -> PaidOrder:
    """What was paid for the order; its payable is locked.

    Raises:
        NothingCaptured: it is not confirmed, or nothing was paid for it.
    """
    payment = payments.taken_of(tx.connection, payable.order_id)
    at_the_door = payable.amount if payable.on_delivery else None
    amount = at_the_door if payment is None else payment.amount
    if amount is None or not is_ready(payable):
        raise NothingCaptured(payable.order_id)
    return PaidOrder(order_id=payable.order_id, amount=amount, payment=payment)


def _place(share: Share) -> tuple[str, str]:
    return (share.merchant_id, share.line_id) if share.line_id else _SHIPPING
