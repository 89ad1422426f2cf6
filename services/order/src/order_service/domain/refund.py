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
    ``went_back`` is less than the ``amount`` where people had paid a part of it back by hand
    before; None as long as nothing went back.
    """

    id: str
    cause: str
    amount: Money
    state: RefundState
    ours: bool = True
    went_back: Money | None = None

    @property
    def open(self) -> bool:
        """Whether the order still waits for it."""
        return self.ours and self.state is not RefundState.DONE

    @property
    def given_back(self) -> Money:
        """What the buyer got of it once it is done."""
        return self.amount if self.went_back is None else self.went_back


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
        (one.given_back for one in done if not (one.ours and order.on_delivery)), order.currency
    )
