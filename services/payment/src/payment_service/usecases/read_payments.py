"""Look at payments and refunds without changing them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from payment_service.domain.errors import PayableNotFound, PaymentNotFound, RefundNotFound
from payment_service.domain.payable import PayableState
from payment_service.store import payables, payments, refunds

if TYPE_CHECKING:
    from payment_service.domain.payment import Payment
    from payment_service.domain.refund import Refund, RefundState
    from shop_events.sql import Connection


def read_payment(connection: Connection, payment_id: str, *, account_id: str | None) -> Payment:
    """A payment of this account; of anybody when it is None.

    Raises:
        PaymentNotFound: there is none, or it is somebody else's.
    """
    payment = payments.get(connection, payment_id)
    if account_id not in (None, payment.account_id):
        raise PaymentNotFound(payment_id)
    return payment


def read_payments(
    connection: Connection, order_id: str, *, account_id: str | None
) -> list[Payment]:
    """The order's payments, the oldest first, as far as they are this account's.

    Raises:
        PayableNotFound: nothing is known of the order, or it is somebody else's.
    """
    found = payments.list_of(connection, order_id, account_id)
    payable = payables.find(connection, order_id)
    theirs = payable is not None and account_id in (None, payable.account_id)
    if not found and not theirs:
        raise PayableNotFound(order_id)
    return found


def is_payable_known(connection: Connection, order_id: str, *, account_id: str) -> bool:
    """Whether anything that decides about paying for this account's order was told."""
    payable = payables.find(connection, order_id)
    if payable is None or payable.account_id not in (None, account_id):
        return False
    return payable.state is not PayableState.AWAITED


def read_refunds(
    connection: Connection, state: RefundState | None, *, after: str, limit: int
) -> list[Refund]:
    """Refunds in this state (in any, when None) by id, from behind ``after``; for an admin."""
    return refunds.in_state(connection, state, after=after, limit=limit)


def read_refund(
    connection: Connection,
    refund_id: str,
    *,
    account_id: str | None = None,
    merchant_id: str | None = None,
) -> Refund:
    """A refund: the buyer's own, one a merchant has a share in (that share alone), or any (admin).

    Raises:
        RefundNotFound: there is none, or it is none of theirs.
    """
    if account_id is not None:
        return refunds.get_of(connection, refund_id, account_id)
    refund = refunds.get(connection, refund_id)
    if merchant_id is not None:
        refund = replace(
            refund, shares=tuple(one for one in refund.shares if one.merchant_id == merchant_id)
        )
        if not refund.shares:
            raise RefundNotFound(refund_id)
    return refund
