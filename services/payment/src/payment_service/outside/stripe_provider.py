"""The card provider, through its own SDK (docs.stripe.com/api, PaymentIntents and Refunds).

    announce    creates an intent, unconfirmed: no money can move by it yet
    capture     confirms it with the card's token; nobody else has what it takes to confirm it
    query       reads it
    give_up     cancels it, after which no confirmation counts any more
    refund      looks for our refund among the intent's, and makes it where there is none

The idempotency keys are our payment's and refund's ids. The provider forgets keys after a day
(docs.stripe.com/api/idempotent_requests), so nothing later than that relies on them: what was
taken is found by the recorded name of the intent, what was paid back by our id in its metadata.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import stripe

from payment_service.outside.provider import (
    Declined,
    NotFound,
    Pending,
    ProviderUnavailable,
    QueryAnswer,
    RefundAnswer,
    RefundDeclined,
    Wanted,
)
from payment_service.outside.stripe_words import (
    Intent,
    Nonsense,
    declined,
    intent_of,
    mapping_in,
    reason_of,
    refund_of,
)
from shop_events.values import Money

NAME: Final = "stripe"
LIVE_KEYS: Final = ("sk_live_", "rk_live_")
_PAGE: Final = 100

log = logging.getLogger(__name__)

stripe.enable_telemetry = False  # how long our requests take is nobody's business


class StripeProvider:
    """Speaks to the provider with the secret ``key``; ``url`` where it is not its usual address."""

    name = NAME
    announces = True

    def __init__(
        self, key: str, *, wire: stripe.HTTPClient, return_url: str, url: str | None = None
    ) -> None:
        """``return_url``: where buyers go after its page, unless their payment says otherwise."""
        self._return_url = return_url
        self._api = stripe.StripeClient(
            key,
            base_addresses={"api": url} if url else None,
            max_network_retries=0,
            http_client=wire,
        ).v1

    def announce(self, wanted: Wanted) -> str | Declined:
        """Create the intent; the key makes a repeat harmless, and an orphan takes no money."""
        try:
            return self._create(wanted).ref
        except (stripe.CardError, stripe.InvalidRequestError) as error:
            return declined(_reason(error))

    def _create(self, wanted: Wanted) -> Intent:
        with _answering():
            made = self._api.payment_intents.create(
                {
                    "amount": wanted.amount.minor,
                    "currency": wanted.amount.currency.lower(),
                    "metadata": {"payment_id": wanted.key},
                    "allowed_payment_method_types": ["card"],
                },
                {"idempotency_key": wanted.key},
            )
        return _intent(made, wanted)

    def capture(self, wanted: Wanted, token: str) -> QueryAnswer:
        """Confirm the intent. A refused card ends it: another attempt is another payment."""
        try:
            with _answering():
                said = self._api.payment_intents.confirm(
                    _ref(wanted),
                    {
                        "payment_method": token,
                        "return_url": wanted.return_url or self._return_url,
                    },
                    {"idempotency_key": f"{wanted.key}:confirm"},
                )
        except (stripe.CardError, stripe.InvalidRequestError) as error:
            return self._end(wanted, _reason(error))
        return _intent(said, wanted).told()

    def query(self, wanted: Wanted) -> QueryAnswer:
        """Read the intent. One whose card or 3-D Secure step was refused is ended."""
        if wanted.ref is None:
            return NotFound()
        intent = self._read(wanted)
        answer = intent.told()
        if isinstance(answer, NotFound) and intent.error:
            return self._end(wanted, intent.error)
        return answer

    def give_up(self, wanted: Wanted) -> QueryAnswer:
        """Cancel the intent; without a name it was never confirmed, and will not be."""
        if wanted.ref is None:
            return declined("never_arrived")
        return self._end(wanted, "given_up")

    def refund(self, key: str, provider_ref: str, amount: Money) -> RefundAnswer:
        """Pay back, once: what bears our id among the intent's refunds is ours."""
        found = next((one for one in self._refunds(provider_ref) if _is_ours(one, key)), None)
        if found is not None:
            return refund_of(found, amount)
        try:
            with _answering():
                made = self._api.refunds.create(
                    {
                        "payment_intent": provider_ref,
                        "amount": amount.minor,
                        "metadata": {"refund_id": key},
                    },
                    {"idempotency_key": key},
                )
        except (stripe.CardError, stripe.InvalidRequestError) as error:
            return RefundDeclined(code=_refund_code(_reason(error)))
        return refund_of(_said(made), amount)

    def _end(self, wanted: Wanted, reason: str) -> QueryAnswer:
        """Cancel, so that "no" is the provider's last word; or learn that it had another one."""
        try:
            with _answering():
                said = self._api.payment_intents.cancel(_ref(wanted))
        except (stripe.CardError, stripe.InvalidRequestError):
            answer = self._read(wanted).told()
            if isinstance(answer, Declined):
                return declined(reason)
            return Pending() if isinstance(answer, NotFound) else answer
        if _intent(said, wanted).status != "canceled":
            return Pending()
        return declined(reason)

    def _read(self, wanted: Wanted) -> Intent:
        try:
            with _answering():
                return _intent(self._api.payment_intents.retrieve(_ref(wanted)), wanted)
        except (stripe.CardError, stripe.InvalidRequestError) as error:
            raise ProviderUnavailable(f"Nothing is told of the payment {wanted.key}.") from error

    def _refunds(self, provider_ref: str) -> Iterator[Mapping[str, Any]]:
        params: dict[str, Any] = {"payment_intent": provider_ref, "limit": _PAGE}
        try:
            with _answering():
                page = self._api.refunds.list(params)  # type: ignore[arg-type]
                if not isinstance(page, stripe.ListObject):
                    raise Nonsense(f"The refunds of {provider_ref} are told as no list.")
                for one in page.auto_paging_iter():
                    yield _said(one)
        except (stripe.CardError, stripe.InvalidRequestError) as error:
            raise ProviderUnavailable(f"The refunds of {provider_ref} are not told.") from error


@contextmanager
def _answering() -> Iterator[None]:
    """What is no answer becomes `ProviderUnavailable`; a refusal is one, and passes.

    The provider's own words stay out of it: they may quote what we sent.
    """
    try:
        yield
    except (stripe.CardError, stripe.InvalidRequestError):
        raise
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        log.error("The card provider does not accept our key.")  # noqa: TRY400 - it quotes the key
        raise ProviderUnavailable("The card provider does not accept our key.") from error
    except stripe.StripeError as error:
        raise ProviderUnavailable(
            f"No answer of the card provider: {type(error).__name__}."
        ) from None


def _said(answer: object) -> Mapping[str, Any]:
    """An answer without the SDK's types, which it gives to whatever came."""
    if not isinstance(answer, stripe.StripeObject):
        raise Nonsense("The provider's answer is no object.")
    return answer.to_dict()


def _intent(answer: object, wanted: Wanted) -> Intent:
    intent = intent_of(_said(answer))
    if intent.key != wanted.key or intent.amount != wanted.amount:
        raise Nonsense(f"The provider speaks of another payment than {wanted.key}.")
    return intent


def _ref(wanted: Wanted) -> str:
    if wanted.ref is None:
        raise ValueError(f"The payment {wanted.key} was not announced.")
    return wanted.ref


def _is_ours(refund: Mapping[str, Any], key: str) -> bool:
    return mapping_in(refund, "metadata").get("refund_id") == key


def _reason(error: stripe.StripeError) -> str:
    body = error.json_body if isinstance(error.json_body, Mapping) else {}
    said = body.get("error")
    return reason_of(said) if isinstance(said, Mapping) else ""


def _refund_code(reason: str) -> str:
    return "exceeds_capture" if reason == "charge_already_refunded" else "refund_refused"
