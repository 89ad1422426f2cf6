"""Development only: the pretend card provider's page and controls."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from flask import Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from chassis.http import Blueprint
from chassis.problems import Problem
from chassis.requests import current_runtime
from chassis.routes import JSON, accepts, anyone
from payment_service.config import PaymentSettings
from payment_service.domain.errors import PaymentError, SimulatorSilent
from payment_service.http import schemas
from payment_service.http.webhooks import STRIPE_SIGNATURE, take_stripes
from payment_service.outside.pretend_stripe import PretendStripe
from payment_service.outside.pretend_stripe_form import PATH as CARD_FORM
from payment_service.outside.pretend_stripe_life import Refusal
from payment_service.outside.pretend_stripe_post import Post
from payment_service.outside.provider import Outside
from shop_events.values import Money

FORM: Final = "application/x-www-form-urlencoded"
_PAGE: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Pretend bank</title>
<h1>Pretend bank</h1>
<p>Is it you who pays {amount}?</p>
<form method="post">
<button name="outcome" value="approve">Yes, it is me</button>
<button name="outcome" value="refuse">No</button>
</form></html>
"""

dev_stripe = Blueprint("dev_stripe", __name__, url_prefix="/dev/simulators/stripe")


@dev_stripe.get("/3ds/<intent>")
@anyone
@dev_stripe.response(200, content_type="text/html")
def get_page(intent: str) -> ResponseReturnValue:
    """The page on which the buyer's bank asks whether it is the buyer who pays."""
    known = _pretend().intent(intent)
    if known is None:
        raise NotFound(description="There is no such payment.")
    amount = Money(known["amount"], known["currency"].upper())
    words = escape(f"{amount.amount} {amount.currency}")
    return Response(_PAGE.format(amount=words), content_type="text/html; charset=utf-8")


@dev_stripe.post("/3ds/<intent>")
@anyone
@accepts(JSON, FORM)
@dev_stripe.response(303)
def post_decision(intent: str) -> ResponseReturnValue:
    """The buyer says yes or no (``{"outcome": "approve"}``), and goes back to the shop."""
    form: Any = request.form.to_dict() if request.mimetype == FORM else request.get_json()
    decided = schemas.Decision().load(form)
    back = _pretend().sees_buyer(intent, approves=decided["outcome"] == "approve")
    if back is None:
        raise NotFound(description="There is no such payment.")
    return redirect(back, 303)


@dev_stripe.post(CARD_FORM)
@anyone
@accepts(FORM)
@dev_stripe.response(200, schemas.CardGiven)
def post_card() -> ResponseReturnValue:
    """What the provider's own form sends from the buyer's browser: a test card gives a token.

    As at the provider: ``type=card``, ``card[number]``, ``card[exp_month]``, ``card[exp_year]``,
    ``card[cvc]`` and the publishable ``key``, ``pk_test_pretend``. 402 says what is wrong by the
    provider's code, in our form: ``incorrect_number``, ``invalid_expiry_month``,
    ``invalid_expiry_year``, ``expired_card``, ``invalid_cvc``; ``card_declined`` for whatever is
    no test number.
    """
    try:
        return jsonify(_pretend().fills_in(request, current_runtime().clock.now()))
    except Refusal as refusal:
        raise _as_problem(refusal) from refusal


@dev_stripe.post("/deliver")
@anyone
@dev_stripe.arguments(schemas.Telling)
@dev_stripe.response(200, schemas.Told)
def post_deliver(body: dict[str, Any]) -> ResponseReturnValue:
    """Have the provider tell us what it has not told yet: plainly, twice, reversed, forged …"""
    secret = current_runtime().settings_as(PaymentSettings).stripe_webhook_secret
    if secret is None:
        raise SimulatorSilent
    post = Post(_pretend(), secret.reveal())
    return jsonify(
        {"answers": post.tell(_to_ourselves, body["how"], current_runtime().clock.now())}
    )


@dev_stripe.post("/later")
@anyone
@dev_stripe.response(200, schemas.Ended)
def post_later() -> ResponseReturnValue:
    """Let what takes its time at the provider come to its end."""
    return jsonify({"ended": _pretend().let_time_pass()})


def _to_ourselves(raw: bytes, headers: Mapping[str, str]) -> int:
    """As the webhook does, but not through a socket: no second thread is needed."""
    try:
        take_stripes(raw, headers.get(STRIPE_SIGNATURE, ""))
    except PaymentError as error:
        return error.status
    return 200


def _as_problem(refusal: Refusal) -> Problem:
    """What the provider says in its own form is said in ours at our door (RFC 9457)."""
    said = refusal.body
    errors = {said["param"]: [said["message"]]} if said.get("param") else None
    return Problem(refusal.status, said["code"], said["message"], errors=errors)


def _pretend() -> PretendStripe:
    pretend = current_runtime().outside_as(Outside).pretend_stripe
    if pretend is None:
        raise SimulatorSilent
    return pretend
