"""Money that goes back to the buyer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from order_service.domain.order import Order
from order_service.domain.payment import Payment
from shop_events.values import Money, total


class RefundState(StrEnum):
    """How far a refund is. A failed one is looked at by people, who may pay it back by hand."""

    REQUESTED = "requested"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """``cause`` is its natural key: what led to it leads to it once.

    ``ours``: the order asked for it. Others may, too: staff, an after-sales case, or payment for
    money that nobody waited for.
    """

    id: str
    cause: str
    amount: Money
    state: RefundState
    ours: bool = True

    @property
    def open(self) -> bool:
        """Whether the order still waits for it."""
        return self.ours and self.state is not RefundState.DONE


def is_awaited(refunds: Sequence[Refund], payments: Iterable[Payment]) -> bool:
    """Whether the order still waits for money to go back.

    Payment never takes a failed refund up again. It is made good by what others had paid back, if
    that is as much: all but the money that nobody waited for, which goes back besides (P9).
    """
    waiting = [one for one in refunds if one.open]
    if any(one.state is RefundState.REQUESTED for one in waiting):
        return True
    failed = sum(one.amount.minor for one in waiting)
    others = sum(one.amount.minor for one in refunds if not one.ours)
    unexpected = sum(one.amount.minor for one in payments if not one.expected)
    return failed > max(0, others - unexpected)


def paid_back(order: Order, refunds: Iterable[Refund]) -> Money:
    """What the buyer got back. Where he pays at the door, our own refunds undo a mere debt."""
    done = (one for one in refunds if one.state is RefundState.DONE)
    return total(
        (one.amount for one in done if not (one.ours and order.on_delivery)), order.currency
    )
