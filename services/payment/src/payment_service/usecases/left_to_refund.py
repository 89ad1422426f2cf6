"""How much of an order's money is left to be paid back: in all, and of each line (P3, M7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from payment_service.domain.errors import ExceedsCaptured, ExceedsLine, NothingCaptured
from payment_service.domain.payable import Payable
from payment_service.domain.payment import Payment
from payment_service.domain.refund import Refund, Share
from payment_service.domain.settlement import LineMoney, shares_total
from payment_service.store import line_money, payments, refunds
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

    def people_are_paying_back(self, tx: Tx) -> bool:
        """Whether the provider is being asked for a refund that people wanted."""
        if self.payment is None:
            return False
        under_way = refunds.under_way_of(tx.connection, self.payment.id)
        return any(refund.by_hand for refund in under_way)

    def less_what_went_back_by_hand(self, tx: Tx, refund: Refund) -> Refund:
        """``refund`` without what people had paid back of the same lines before; maybe nothing.

        Whoever asked for it counted what its units cost, and people may have paid a part of that
        back already: nobody gets it twice (M7). Only what went back by hand is taken off, so a
        refund that is too high for any other reason stays so.
        """
        left = self._paid(line_money.of_order(tx.connection, self.order_id))
        by_hand: Counter[tuple[str, str]] = Counter()
        for counted in refunds.counted_of(tx.connection, self.order_id):
            for share in counted.shares:
                left[_place(share)] -= share.amount.minor
                by_hand[_place(share)] += share.amount.minor if counted.by_hand else 0
        shares = []
        for share in refund.shares:
            place, minor = _place(share), share.amount.minor
            too_much = max(minor - left[place], 0)
            still = minor - min(too_much, by_hand[place], minor)
            left[place] -= still
            by_hand[place] -= minor - still
            shares.append(replace(share, amount=Money(still, share.amount.currency)))
        kept = tuple(share for share in shares if share.amount)
        return replace(refund, shares=kept, amount=shares_total(kept, refund.amount.currency))

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
    if amount is None or not payable.is_settled:
        raise NothingCaptured(payable.order_id)
    return PaidOrder(order_id=payable.order_id, amount=amount, payment=payment)


def _place(share: Share) -> tuple[str, str]:
    return (share.merchant_id, share.line_id) if share.line_id else _SHIPPING
