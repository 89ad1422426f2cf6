"""Where providers tell by themselves what became of a payment."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, jsonify, request

from chassis.http import Blueprint
from chassis.http.blueprint import raw_body
from chassis.requests import begin, current_runtime
from chassis.routes import publishes, signed
from payment_service.asking import OUTCOMES
from payment_service.config import PaymentSettings
from payment_service.http import schemas
from payment_service.http.stripe_notices import notice_of
from payment_service.outside.provider import Captured, Declined
from payment_service.outside.signature import must_be_signed
from payment_service.outside.stripe_provider import LIVE_KEYS
from payment_service.outside.stripe_signature import must_be_stripes
from payment_service.usecases.take_callback import Callback, take_callback
from payment_service.usecases.take_notice import take_notice

TIMESTAMP = "Pretend-Timestamp"
SIGNATURE = "Pretend-Signature"
STRIPE_SIGNATURE = "Stripe-Signature"

webhooks = Blueprint("payment_webhooks", __name__, url_prefix="/payments/webhooks")


@webhooks.post("/pretend")
@signed
@publishes(*OUTCOMES)
@webhooks.response(200, schemas.Received)
def post_pretend() -> Response:
    """The pretend provider's callback, signed over the raw bytes; a repeat changes nothing."""
    _must_be_theirs()
    callback = _callback(schemas.PretendCallback().load(request.get_json()))
    with begin() as tx:
        take_callback(tx, callback)
    return jsonify({"received": True})


@webhooks.post("/stripe")
@signed
@webhooks.response(200, schemas.Received)
def post_stripe() -> Response:
    """The card provider's callback, checked on the raw bytes; it only has the provider asked.

    Answered once it is kept. What does not match what we know is kept apart, without effect.
    """
    take_stripes(raw_body(), request.headers.get(STRIPE_SIGNATURE, ""))
    return jsonify({"received": True})


def take_stripes(raw: bytes, signature: str) -> None:
    """Keep a callback of the card provider.

    Raises:
        SignatureRefused: it is not theirs, or not of now.
        CallbackUnreadable: it cannot be kept.
        Problem: it is no JSON.
    """
    settings = current_runtime().settings_as(PaymentSettings)
    secrets = (settings.stripe_webhook_secret, settings.stripe_webhook_old_secret)
    must_be_stripes(
        raw,
        signature,
        secrets=[secret.reveal() for secret in secrets if secret is not None],
        now=current_runtime().clock.now(),
    )
    live = settings.stripe_key is not None and settings.stripe_key.reveal().startswith(LIVE_KEYS)
    notice = notice_of(current_app.json.loads(raw), live=live, account=settings.stripe_account)
    if notice is not None:
        with begin() as tx:
            take_notice(tx, notice)


def _must_be_theirs() -> None:
    settings = current_runtime().settings_as(PaymentSettings)
    secrets = (settings.pretend_webhook_secret, settings.pretend_webhook_old_secret)
    must_be_signed(
        raw_body(),
        timestamp=request.headers.get(TIMESTAMP, ""),
        signatures=request.headers.get(SIGNATURE, ""),
        secrets=[secret.reveal() for secret in secrets if secret is not None],
        now=current_runtime().clock.now(),
    )


def _callback(body: dict[str, Any]) -> Callback:
    answer: Captured | Declined
    if body["outcome"] == "captured":
        answer = Captured(provider_ref=body["provider_ref"], amount=body["amount"])
    else:
        answer = Declined(code=body["code"], may_retry=body["may_retry"])
    return Callback(
        provider="pretend",
        event_id=body["event_id"],
        payment_id=body["payment_id"],
        amount=body["amount"],
        answer=answer,
    )
