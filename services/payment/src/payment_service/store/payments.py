"""Payments: put in once, read under a lock, written back."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from payment_service.domain.errors import PaymentNotFound
from payment_service.domain.payment import OVER, TAKEN, Payment, PaymentState
from payment_service.store.tables import payments
from shop_events.values import Money


def add(connection: Connection, payment: Payment) -> None:
    """Keep a new payment."""
    row = {
        "id": payment.id,
        "order_id": payment.order_id,
        "account_id": payment.account_id,
        "amount": payment.amount.minor,
        "currency": payment.amount.currency,
        "method": payment.method,
        "created_at": payment.created_at,
        "return_url": payment.return_url,
        **_changing(payment),
    }
    connection.execute(insert(payments), row)


def save(connection: Connection, payment: Payment) -> None:
    """Write what may change; order, amount and buyer of a payment never do."""
    connection.execute(_UPDATE, {"of_id": payment.id, **_changing(payment)})


def lock(connection: Connection, payment_id: str) -> Payment:
    """The payment, locked until this transaction ends. Lock its order's payable before it.

    Raises:
        PaymentNotFound: there is none.
    """
    row = connection.execute(_LOCKED, {"of_id": payment_id}).first()
    if row is None:
        raise PaymentNotFound(payment_id)
    return _payment(row)


def get(connection: Connection, payment_id: str) -> Payment:
    """The payment, unlocked.

    Raises:
        PaymentNotFound: there is none.
    """
    row = connection.execute(_ONE, {"of_id": payment_id}).first()
    if row is None:
        raise PaymentNotFound(payment_id)
    return _payment(row)


def of_account(connection: Connection, payment_id: str, account_id: str) -> Payment:
    """The payment, if it is this account's.

    Raises:
        PaymentNotFound: there is none, or it is somebody else's.
    """
    payment = get(connection, payment_id)
    if payment.account_id != account_id:
        raise PaymentNotFound(payment_id)
    return payment


def list_of(connection: Connection, order_id: str, account_id: str | None) -> list[Payment]:
    """The order's payments, the oldest first; only this account's unless it is None."""
    query = select(payments).where(payments.c.order_id == order_id)
    if account_id is not None:
        query = query.where(payments.c.account_id == account_id)
    return [_payment(row) for row in connection.execute(query.order_by(payments.c.id)).all()]


def live_of(connection: Connection, order_id: str) -> Payment | None:
    """The order's one payment that is not over, locked. The order's payable is locked already."""
    row = connection.execute(_LIVE, {"of_order": order_id}).first()
    return None if row is None else _payment(row)


def taken_of(connection: Connection, order_id: str) -> Payment | None:
    """The payment whose money was captured for the order, locked; the latest if there are more."""
    row = connection.execute(_TAKEN, {"of_order": order_id}).first()
    return None if row is None else _payment(row)


def all_of(connection: Connection) -> list[Payment]:
    """Every payment, the oldest first; for the audit."""
    rows = connection.execute(select(payments).order_by(payments.c.id)).all()
    return [_payment(row) for row in rows]


# Built once: building a statement costs five times as much as executing it. The update sets the
# columns that are named in its parameters.
_ONE: Final = select(payments).where(payments.c.id == bindparam("of_id"))
_LOCKED: Final = _ONE.with_for_update()
_LIVE: Final = (
    select(payments)
    .where(payments.c.order_id == bindparam("of_order"), payments.c.state.not_in(sorted(OVER)))
    .with_for_update()
)
_TAKEN: Final = (
    select(payments)
    .where(payments.c.order_id == bindparam("of_order"), payments.c.state.in_(sorted(TAKEN)))
    .order_by(payments.c.id.desc())
    .limit(1)
    .with_for_update()
)
_UPDATE: Final = update(payments).where(payments.c.id == bindparam("of_id"))


def _changing(payment: Payment) -> dict[str, Any]:
    return {
        "state": payment.state,
        "provider": payment.provider,
        "action_url": payment.action_url,
        "provider_ref": payment.provider_ref,
        "code": payment.code,
        "may_retry": payment.may_retry,
    }


def _payment(row: Row[Any]) -> Payment:
    return Payment(
        id=row.id,
        order_id=row.order_id,
        account_id=row.account_id,
        amount=Money(row.amount, row.currency),
        method=row.method,
        provider=row.provider,
        created_at=row.created_at,
        state=PaymentState(row.state),
        provider_ref=row.provider_ref,
        code=row.code,
        may_retry=row.may_retry,
        return_url=row.return_url,
        action_url=row.action_url,
    )
