"""Refunds: one a cause, whatever is told twice."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from payment_service.domain.errors import RefundNotFound
from payment_service.domain.refund import COUNTED, GIVEN_BACK, UNDER_WAY, Refund, RefundState, Share
from payment_service.store.tables import hand_settlements, payables, refunds
from shop_events.sql import insert_once
from shop_events.values import Money


def add(connection: Connection, refund: Refund, at: datetime) -> bool:
    """Keep a new refund; False when its id or its cause is known already."""
    values = {
        "id": refund.id,
        "order_id": refund.order_id,
        "payment_id": refund.payment_id,
        "cause": refund.cause,
        "amount": refund.amount.minor,
        "currency": refund.amount.currency,
        "shares": _from_shares(refund.shares),
        "reason": refund.reason,
        "state": refund.state,
        "code": refund.code,
        "created_at": at,
    }
    return insert_once(connection, refunds, values)


def save(connection: Connection, refund: Refund) -> None:
    """Write what may change: how far it is, how much is left of it, and of which payment it is."""
    connection.execute(
        update(refunds)
        .where(refunds.c.id == refund.id)
        .values(
            amount=refund.amount.minor,
            shares=_from_shares(refund.shares),
            state=refund.state,
            code=refund.code,
            payment_id=refund.payment_id,
        )
    )


def get(connection: Connection, refund_id: str) -> Refund:
    """The refund. Whoever will change it has locked its order's payable before.

    Raises:
        RefundNotFound: there is none.
    """
    row = connection.execute(select(refunds).where(refunds.c.id == refund_id)).first()
    if row is None:
        raise RefundNotFound(refund_id)
    return _refund(row)


def get_of(connection: Connection, refund_id: str, account_id: str) -> Refund:
    """The refund, if this account's order is what is paid back.

    Raises:
        RefundNotFound: there is none, or it is somebody else's.
    """
    theirs = select(payables.c.order_id).where(payables.c.account_id == account_id)
    query = select(refunds).where(refunds.c.id == refund_id, refunds.c.order_id.in_(theirs))
    row = connection.execute(query).first()
    if row is None:
        raise RefundNotFound(refund_id)
    return _refund(row)


def waiting_of(connection: Connection, order_id: str) -> list[Refund]:
    """What is still to be carried out for the order, the oldest first."""
    query = select(refunds).where(
        refunds.c.order_id == order_id, refunds.c.state == RefundState.WAITING
    )
    return [_refund(row) for row in connection.execute(query.order_by(refunds.c.created_at))]


def counted_of(connection: Connection, order_id: str) -> list[Refund]:
    """The order's refunds that went back, or may have."""
    query = select(refunds).where(
        refunds.c.order_id == order_id, refunds.c.state.in_(sorted(COUNTED))
    )
    return [_refund(row) for row in connection.execute(query)]


def in_state(
    connection: Connection, state: RefundState | None, *, after: str, limit: int
) -> list[Refund]:
    """Refunds in this state (in any, when None), by id, from behind ``after``."""
    query = select(refunds).where(refunds.c.id > after).order_by(refunds.c.id).limit(limit)
    if state is not None:
        query = query.where(refunds.c.state == state)
    return [_refund(row) for row in connection.execute(query)]


def under_way_of(connection: Connection, payment_id: str) -> list[Refund]:
    """The refunds of a payment for which the provider is being asked."""
    query = select(refunds).where(
        refunds.c.payment_id == payment_id, refunds.c.state.in_(sorted(UNDER_WAY))
    )
    return [_refund(row) for row in connection.execute(query)]


def sum_of(connection: Connection, payment_id: str, currency: str, *, succeeded: bool) -> Money:
    """What went back of a payment for sure; or, without ``succeeded``, what may have as well."""
    states = GIVEN_BACK if succeeded else COUNTED
    query = select(func.coalesce(func.sum(refunds.c.amount), 0)).where(
        refunds.c.payment_id == payment_id, refunds.c.state.in_(sorted(states))
    )
    return Money(int(connection.execute(query).scalar_one()), currency)


def note_settled_by_hand(
    connection: Connection, refund_id: str, *, reference: str, by: str, at: datetime
) -> bool:
    """Keep who paid a refund by hand, and under which reference; False when it was kept before."""
    values = {"refund_id": refund_id, "reference": reference, "settled_by": by, "at": at}
    return insert_once(connection, hand_settlements, values)


def all_of(connection: Connection) -> list[Refund]:
    """Every refund, for the audit."""
    rows = connection.execute(select(refunds).order_by(refunds.c.created_at, refunds.c.id))
    return [_refund(row) for row in rows]


def _from_shares(shares: tuple[Share, ...]) -> str:
    return json.dumps([[one.merchant_id, one.line_id, one.amount.minor] for one in shares])


def _refund(row: Row[Any]) -> Refund:
    return Refund(
        id=row.id,
        order_id=row.order_id,
        cause=row.cause,
        amount=Money(row.amount, row.currency),
        shares=tuple(
            Share(merchant_id=merchant_id, line_id=line_id, amount=Money(minor, row.currency))
            for merchant_id, line_id, minor in json.loads(row.shares)
        ),
        reason=row.reason,
        payment_id=row.payment_id,
        state=RefundState(row.state),
        code=row.code,
    )
