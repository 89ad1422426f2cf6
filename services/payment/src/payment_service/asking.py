"""Asking the provider, always outside of a transaction: the second of three phases (P4).

    short transaction     says what will be asked; the key is the payment's or refund's own id
    the call              may be answered, refused, or lost
    short transaction     records the answer

Whatever dies in between, the row in ``provider_calls`` outlives it and has the provider asked
again, along a ladder from 15 seconds to a day; the key makes asking again harmless.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, TypeVar

from chassis.background import Chore
from chassis.runtime import Runtime
from payment_service.domain.ladder import is_alarming, wait_after
from payment_service.domain.payment import Payment
from payment_service.outside.provider import (
    NotFound,
    Outside,
    Provider,
    ProviderUnavailable,
    QueryAnswer,
    RefundAnswer,
)
from payment_service.store import calls, payments, refunds
from payment_service.store.calls import Call, CallKind
from payment_service.usecases.settle_payment import settle_payment
from payment_service.usecases.settle_refund import settle_refund
from shop_events import Database, Event, Tx, faults
from shop_events.contracts.payment import (
    PaymentConfirmed,
    PaymentFailed,
    PaymentRefunded,
    PaymentRefundFailed,
)

log = logging.getLogger(__name__)

# What the provider's last word may lead to: a capture may set waiting refunds free.
OUTCOMES: Final[tuple[type[Event], ...]] = (
    PaymentConfirmed,
    PaymentFailed,
    PaymentRefunded,
    PaymentRefundFailed,
)
AT_ONCE: Final = 50

A = TypeVar("A")


def capture(database: Database, provider: Provider, *, payment: Payment, token: str) -> Payment:
    """Take the money of a ``processing`` payment, now. Without an answer it stays as it is."""
    answer = _ask(lambda: provider.capture(payment.id, payment.amount, token))
    if answer is None:
        return payment
    with database.begin(publishes=OUTCOMES) as tx:
        return settle_payment(tx, payment.id, answer)


def answer_calls(database: Database, provider: Provider) -> int:
    """Ask the provider what is due to be asked; return how many questions that were."""
    asked = 0
    while asked < AT_ONCE and _answer_one(database, provider):
        asked += 1
    return asked


def _answer_one(database: Database, provider: Provider) -> bool:
    with database.read() as connection:
        if not calls.is_any_due(connection, database.clock.now()):
            return False
    with database.begin() as tx:
        call = calls.claim(tx.connection, tx.now)
    if call is None:
        return False
    if call.kind is CallKind.QUERY:
        _query(database, provider, call)
    else:
        _refund(database, provider, call)
    return True


def _query(database: Database, provider: Provider, call: Call) -> None:
    answer = _ask(lambda: _last_word(provider, call.key))
    with database.begin(publishes=OUTCOMES) as tx:
        if answer is not None:
            settle_payment(tx, call.key, answer)
        _ask_again_later(tx, call)


def _last_word(provider: Provider, key: str) -> QueryAnswer:
    """What became of the capture; one that never arrived is made never to happen."""
    answer = provider.query(key)
    return provider.give_up(key) if isinstance(answer, NotFound) else answer


def _refund(database: Database, provider: Provider, call: Call) -> None:
    with database.read() as connection:
        refund = refunds.get(connection, call.key)
        payment = payments.get(connection, refund.payment_id or "")
    ref = payment.provider_ref or ""
    answer: RefundAnswer | None = _ask(lambda: provider.refund(refund.id, ref, refund.amount))
    with database.begin(publishes=OUTCOMES) as tx:
        settle_refund(tx, refund.id, answer)
        _ask_again_later(tx, call)


def _ask_again_later(tx: Tx, call: Call) -> None:
    """Where the call is still open. At the ladder's end people are called, once a day."""
    again_at = tx.now + wait_after(call.attempts)
    if calls.put_off(tx.connection, call, again_at) and is_alarming(call.attempts):
        log.error("No word on the %s of %s; asking again at %s.", call.kind, call.key, again_at)


def _ask(question: Callable[[], A]) -> A | None:
    """The provider's answer; None when none came in time, and nobody knows what it did."""
    faults.point("outside.before_call", "payment")
    try:
        answer = question()
    except ProviderUnavailable as error:
        log.warning("%s", error)
        return None
    faults.point("outside.after_call", "payment")
    return answer


def _do_calls(runtime: Runtime) -> int:
    return answer_calls(runtime.database, runtime.outside_as(Outside).provider)


CALLS: Final = Chore(name="provider-calls", every_s=1.0, run=_do_calls, publishes=OUTCOMES)
