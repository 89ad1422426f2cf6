"""Asking the provider, always outside of a transaction: the second of three phases (P4).

    short transaction     says what will be asked; the key is the payment's or refund's own id
    (an announcement      where the provider has names of its own, and a transaction for the name)
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
from payment_service.config import PaymentSettings
from payment_service.domain.ladder import is_alarming, wait_after
from payment_service.domain.payment import Payment, PaymentState
from payment_service.outside.pretend_stripe_post import Post, over_http
from payment_service.outside.provider import (
    ActionRequired,
    Declined,
    NotFound,
    Outside,
    Provider,
    ProviderUnavailable,
    QueryAnswer,
    RefundAnswer,
    Wanted,
)
from payment_service.store import calls, payables, payments, refunds
from payment_service.store.calls import Call, CallKind
from payment_service.usecases.settle_payment import note_reference, settle_payment
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


def capture(database: Database, outside: Outside, *, payment: Payment, token: str) -> Payment:
    """Take the money of a ``processing`` payment, now. Without an answer it stays as it is."""
    provider = outside.named(payment.provider)
    if provider.announces:
        payment = _announce(database, provider, payment)
        if payment.state is not PaymentState.PROCESSING or payment.provider_ref is None:
            return payment
    return _settle(database, payment, lambda: provider.capture(_wanted(payment), token))


def ask_about(database: Database, outside: Outside, payment: Payment) -> Payment:
    """Ask what became of a payment, now: a buyer's return from a page proves nothing (row 68)."""
    if not payment.is_unsettled:
        return payment
    return _settle(
        database, payment, lambda: outside.named(payment.provider).query(_wanted(payment))
    )


def leave_page(database: Database, outside: Outside, payment_id: str) -> Payment:
    """The buyer wants another card: give up a payment that waits on the provider's page."""
    with database.read() as connection:
        payment = payments.get(connection, payment_id)
    if payment.state is not PaymentState.ACTION_REQUIRED:
        return payment
    return _settle(
        database, payment, lambda: outside.named(payment.provider).give_up(_wanted(payment))
    )


def answer_calls(database: Database, outside: Outside) -> int:
    """Ask the providers what is due to be asked; return how many questions that were."""
    asked = 0
    while asked < AT_ONCE and _answer_one(database, outside):
        asked += 1
    return asked


def _announce(database: Database, provider: Provider, payment: Payment) -> Payment:
    """Have the provider's name on record before any money can move."""
    said = _ask(lambda: provider.announce(_wanted(payment)))
    if said is None:
        return payment
    with database.begin(publishes=OUTCOMES) as tx:
        if isinstance(said, Declined):
            return settle_payment(tx, payment.id, said)
        return note_reference(tx, payment.id, said)


def _settle(database: Database, payment: Payment, question: Callable[[], QueryAnswer]) -> Payment:
    answer = _ask(question)
    if answer is None:
        return payment
    with database.begin(publishes=OUTCOMES) as tx:
        return settle_payment(tx, payment.id, answer)


def _wanted(payment: Payment) -> Wanted:
    return Wanted(
        key=payment.id,
        amount=payment.amount,
        ref=payment.provider_ref,
        return_url=payment.return_url,
    )


def _answer_one(database: Database, outside: Outside) -> bool:
    with database.read() as connection:
        if not calls.is_any_due(connection, database.clock.now()):
            return False
    with database.begin() as tx:
        call = calls.claim(tx.connection, tx.now)
    if call is None:
        return False
    if call.kind is CallKind.QUERY:
        _query(database, outside, call)
    else:
        _refund(database, outside, call)
    return True


def _query(database: Database, outside: Outside, call: Call) -> None:
    with database.read() as connection:
        payment = payments.get(connection, call.key)
        payable = payables.find(connection, payment.order_id)
    is_wanted = payable is not None and payable.is_open_at(database.clock.now())
    answer = _ask(lambda: _last_word(outside.named(payment.provider), payment, is_wanted=is_wanted))
    with database.begin(publishes=OUTCOMES) as tx:
        if answer is not None:
            settle_payment(tx, call.key, answer)
        _ask_again_later(tx, call)


def _last_word(provider: Provider, payment: Payment, *, is_wanted: bool) -> QueryAnswer:
    """What became of the capture; one that never arrived is made never to happen.

    So is one that waits for the buyer on the provider's page, once nobody wants it any more.
    """
    wanted = _wanted(payment)
    answer = provider.query(wanted)
    left_alone = isinstance(answer, ActionRequired) and not is_wanted
    return provider.give_up(wanted) if isinstance(answer, NotFound) or left_alone else answer


def _refund(database: Database, outside: Outside, call: Call) -> None:
    with database.read() as connection:
        refund = refunds.get(connection, call.key)
        payment = payments.get(connection, refund.payment_id or "")
    ref = payment.provider_ref or ""
    answer: RefundAnswer | None = _ask(
        lambda: outside.named(payment.provider).refund(refund.id, ref, refund.amount)
    )
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
    return answer_calls(runtime.database, runtime.outside_as(Outside))


def _tell_callbacks(runtime: Runtime) -> int:
    """In development: what the pretend card provider would tell us by itself."""
    pretend = runtime.outside_as(Outside).pretend_stripe
    settings = runtime.settings_as(PaymentSettings)
    if pretend is None or settings.stripe_webhook_secret is None:
        return 0
    if settings.pretend_stripe_tells is None:
        return 0
    post = Post(pretend, settings.stripe_webhook_secret.reveal())
    return post.tell_due(over_http(settings.pretend_stripe_tells), runtime.clock.now())


CALLS: Final = Chore(name="provider-calls", every_s=1.0, run=_do_calls, publishes=OUTCOMES)
PRETEND_POST: Final = Chore(name="pretend-stripe-post", every_s=2.0, run=_tell_callbacks)
