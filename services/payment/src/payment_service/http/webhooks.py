"""Where providers tell by themselves what became of a payment."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from chassis.http import Blueprint
from chassis.http.blueprint import raw_body
from chassis.requests import begin, current_runtime
from chassis.routes import publishes, signed
from payment_service.asking import OUTCOMES
from payment_service.config import PaymentSettings
from payment_service.http import schemas
from payment_service.outside.provider import Captured, Declined
from payment_service.outside.signature import must_be_signed
from payment_service.usecases.take_callback import Callback, take_callback

TIMESTAMP = "Pretend-Timestamp"
SIGNATURE = "Pretend-Signature"

webhooks = Blueprint("payment_webhooks", __name__, url_prefix="/payments/webhooks")


@webhooks.post("/pretend")
@signed
@publishes(*OUTCOMES)
@webhooks.response(200)
def post_pretend() -> Response:
    """The pretend provider's callback, signed over the raw bytes; a repeat changes nothing."""
    _must_be_theirs()
    callback = _callback(schemas.PretendCallback().load(request.get_json()))
    with begin() as tx:
        take_callback(tx, callback)
    return jsonify({"received": True})


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
