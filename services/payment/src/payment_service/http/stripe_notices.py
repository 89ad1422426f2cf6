"""The card provider's events in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from payment_service.domain.errors import CallbackUnreadable
from payment_service.outside.stripe_provider import NAME
from payment_service.outside.stripe_words import Nonsense, mapping_in, money_of, text_in
from payment_service.usecases.take_notice import Notice, Outcome

# What we listen to. Whatever else it tells is answered and forgotten.
_KINDS: Final = {
    "payment_intent.succeeded": Outcome.CAPTURED,
    "payment_intent.payment_failed": Outcome.DECLINED,
    "payment_intent.canceled": Outcome.CANCELLED,
    "charge.refunded": Outcome.PAID_BACK,
    "refund.updated": Outcome.REFUND,
    "refund.failed": Outcome.REFUND_FAILED,
}
_REFUNDS: Final = frozenset({Outcome.REFUND, Outcome.REFUND_FAILED})
_LONGEST: Final = 128


def notice_of(event: Any, *, live: bool, account: str | None) -> Notice | None:
    """What a signed event says; None when it is of a kind we do not listen to.

    ``live`` and ``account``: which of the provider's worlds, and whose account, it must speak of.

    Raises:
        CallbackUnreadable: it cannot even be kept apart.
    """
    event_id, kind = _name(event)
    outcome = _KINDS.get(kind)
    if outcome is None:
        return None
    notice = Notice(provider=NAME, event_id=event_id, kind=kind, outcome=outcome)
    if event.get("livemode") is not live:
        return replace(notice, wrong="it is of the other of test and live mode")
    if event.get("account") != account:
        return replace(notice, wrong="it is of another account")
    try:
        about = mapping_in(mapping_in(event, "data"), "object")
        return _about(notice, about)
    except Nonsense as error:
        return replace(notice, wrong=str(error))


def _name(event: Any) -> tuple[str, str]:
    if not isinstance(event, Mapping):
        raise CallbackUnreadable
    names = (event.get("id"), event.get("type"))
    if not all(isinstance(one, str) and 0 < len(one) <= _LONGEST for one in names):
        raise CallbackUnreadable
    return str(names[0]), str(names[1])


def _about(notice: Notice, about: Mapping[str, Any]) -> Notice:
    currency = text_in(about, "currency")
    metadata = mapping_in(about, "metadata")
    notice = replace(notice, amount=money_of(about.get("amount"), currency))
    if notice.outcome in _REFUNDS:
        ref, refund_id = text_in(about, "payment_intent"), text_in(metadata, "refund_id")
        return replace(notice, ref=ref, refund_id=refund_id)
    notice = replace(notice, payment_id=text_in(metadata, "payment_id"))
    if notice.outcome is Outcome.PAID_BACK:
        back = money_of(about.get("amount_refunded"), currency)
        return replace(notice, ref=text_in(about, "payment_intent"), paid_back=back)
    return replace(notice, ref=text_in(about, "id"))
