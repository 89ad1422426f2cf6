"""What the card provider says, read strictly, and said in our words.

Nothing it sends is believed to have the form its documents promise (OWASP API10): whatever does
not fit is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from payment_service.outside.provider import (
    ActionRequired,
    Captured,
    Declined,
    NotFound,
    Pending,
    ProviderUnavailable,
    QueryAnswer,
    RefundAnswer,
    RefundDeclined,
    Refunded,
)
from shop_events.values import Money, NotMoney

LONGEST: Final = 2_000

# Why a card was refused, in our words, and whether the same buyer may do better by another try.
# A lost or stolen card is refused without a reason: whoever holds it shall not learn more.
_DECLINES: Final = {
    "insufficient_funds": ("insufficient_funds", True),
    "expired_card": ("expired_card", False),
    "incorrect_cvc": ("incorrect_cvc", True),
    "invalid_cvc": ("incorrect_cvc", True),
    "processing_error": ("processing_error", True),
    "issuer_not_available": ("processing_error", True),
    "try_again_later": ("processing_error", True),
    "authentication_required": ("authentication_failed", True),
    "payment_intent_authentication_failure": ("authentication_failed", True),
    "card_velocity_exceeded": ("limit_exceeded", False),
    "withdrawal_count_limit_exceeded": ("limit_exceeded", False),
    "resource_missing": ("token_unknown", False),
    "amount_too_large": ("amount_not_accepted", False),
    "amount_too_small": ("amount_not_accepted", False),
    "never_arrived": ("never_arrived", True),
    "given_up": ("given_up", True),
}
_REFUSED: Final = ("card_declined", False)


class Nonsense(ProviderUnavailable):
    """What came is no answer: a part is missing, or is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A payment as the provider keeps it: ``key`` is our payment's id, ``error`` why it failed."""

    ref: str
    key: str
    status: str
    amount: Money
    received: Money
    error: str | None
    page: str | None

    def told(self) -> QueryAnswer:
        """What it means for the payment.

        Nobody but us can take its money while it waits for a card, so it counts as never taken.
        """
        match self.status:
            case "succeeded":
                return Captured(provider_ref=self.ref, amount=self.received)
            case "canceled":
                return declined(self.error or "given_up")
            case "requires_action" if self.page:
                return ActionRequired(provider_ref=self.ref, url=self.page)
            case "requires_payment_method" | "requires_confirmation":
                return NotFound()
            case _:
                return Pending()


def declined(reason: str) -> Declined:
    """The provider's reason in our words."""
    code, may_retry = _DECLINES.get(reason, _REFUSED)
    return Declined(code=code, may_retry=may_retry)


def intent_of(said: Mapping[str, Any]) -> Intent:
    """A PaymentIntent.

    Raises:
        Nonsense: it is none.
    """
    currency = text_in(said, "currency")
    error = said.get("last_payment_error")
    return Intent(
        ref=text_in(said, "id"),
        key=text_in(mapping_in(said, "metadata"), "payment_id"),
        status=text_in(said, "status"),
        amount=money_of(said.get("amount"), currency),
        received=money_of(said.get("amount_received", 0), currency),
        error=reason_of(error) if isinstance(error, Mapping) else None,
        page=_page(said.get("next_action")),
    )


def refund_of(said: Mapping[str, Any], amount: Money) -> RefundAnswer:
    """What became of our refund over ``amount``.

    Raises:
        Nonsense: it is no Refund, or one over something else.
    """
    if money_of(said.get("amount"), text_in(said, "currency")) != amount:
        raise Nonsense(f"The provider's refund {text_in(said, 'id')} is over another amount.")
    status = text_in(said, "status")
    if status == "succeeded":
        return Refunded(provider_ref=text_in(said, "id"))
    if status in ("failed", "canceled"):
        return RefundDeclined(code="refund_refused")
    return Pending()


def reason_of(error: Mapping[str, Any]) -> str:
    """The closest reason an error object gives."""
    for name in ("decline_code", "code"):
        if isinstance(error.get(name), str):
            return str(error[name])
    return ""


def money_of(minor: object, currency: str) -> Money:
    """An amount: of the currencies we sell in, all count in the minor units of ISO 4217."""
    if type(minor) is not int:
        raise Nonsense("The provider gave an amount that is no integer.")
    try:
        return Money(minor, currency.upper())
    except NotMoney as error:
        raise Nonsense("The provider gave an amount that is none of ours.") from error


def text_in(said: Mapping[str, Any], name: str) -> str:
    """The text under ``name``, which must be there."""
    found = said.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST:
        raise Nonsense(f"The provider's answer lacks the text {name}.")
    return found


def mapping_in(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under ``name``, which must be there."""
    found = said.get(name)
    if not isinstance(found, Mapping):
        raise Nonsense(f"The provider's answer lacks the object {name}.")
    return found


def _page(action: object) -> str | None:
    if not isinstance(action, Mapping):
        return None
    redirect = action.get("redirect_to_url")
    url = redirect.get("url") if isinstance(redirect, Mapping) else None
    safe = isinstance(url, str) and url.startswith(("https://", "http://")) and len(url) <= LONGEST
    return url if safe else None
