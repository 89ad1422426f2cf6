"""Payment's routes for buyers: parse, begin, one call, answer."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, jsonify
from flask.typing import ResponseReturnValue

from chassis.http import Blueprint
from chassis.idempotency import REPLAYED, Act, Answer, once
from chassis.identity import Role
from chassis.requests import asked_wait_s, current_identity, current_runtime, read
from chassis.routes import Header, heeds, needs, publishes, who
from payment_service.asking import OUTCOMES, ask_about, capture, leave_page
from payment_service.domain.errors import PaymentInProgress
from payment_service.domain.payment import Payment, PaymentState
from payment_service.http import schemas
from payment_service.http.arrival import wait_for_payable
from payment_service.http.views import payment_view
from payment_service.outside.provider import Outside
from payment_service.usecases.read_payments import read_payment, read_payments
from payment_service.usecases.start_payment import (
    confirm_payment,
    must_have_card,
    start_payment,
)
from shop_events import Tx

payments = Blueprint("payments", __name__, url_prefix="/payments")


@payments.post("")
@who(Role.SHOPPER)
@needs(Header.KEY)
@heeds(Header.WAIT)
@publishes(*OUTCOMES)
@payments.arguments(schemas.StartPayment)
@payments.response(201, schemas.PaymentAnswer)
def post_payment(body: dict[str, Any]) -> Response:
    """Pay what is due for my order, with a card's token. A declined card is a 201 that failed.

    ``Prefer: wait=N`` waits up to N seconds for an order that is still settling. A repeat with
    the same key tells how the payment stands by then.
    """
    me = current_identity().subject
    token = body["card_token"]
    provider = _outside().of_token(token).name if token is not None else ""
    waited = wait_for_payable(body["order_id"], account_id=me, within_s=asked_wait_s())

    def act(tx: Tx) -> Answer:
        payment = start_payment(
            tx,
            body["order_id"],
            account_id=me,
            method=body["method"],
            return_url=body["return_url"],
        )
        if provider:
            payment = confirm_payment(tx, payment.id, account_id=me, provider=provider)
        location = {"Location": f"/api/v1/payments/{payment.id}"}
        return payment_view(payment), 201, location

    answer = _captured(_once_others_are_left(act), token)
    if waited:
        answer.headers["Preference-Applied"] = "wait"
    return answer


@payments.post("/<payment_id>/confirm")
@who(Role.SHOPPER)
@needs(Header.KEY)
@publishes(*OUTCOMES)
@payments.arguments(schemas.ConfirmPayment)
@payments.response(200, schemas.PaymentAnswer)
def post_confirm(body: dict[str, Any], payment_id: str) -> Response:
    """Say with which card a payment is paid that waits for one; its money is taken.

    Without a token, after the provider's page: the provider is asked how the payment stands. That
    a browser came back proves nothing.
    """
    me, token = current_identity().subject, body["card_token"]
    provider = _outside().of_token(token).name if token is not None else ""

    def act(tx: Tx) -> Answer:
        if provider:
            payment = confirm_payment(tx, payment_id, account_id=me, provider=provider)
        else:
            payment = must_have_card(tx, payment_id, account_id=me)
        return payment_view(payment), 200, {}

    return _captured(once(act), token)


@payments.get("")
@who(Role.SHOPPER, Role.ADMIN)
@payments.arguments(schemas.PaymentsQuery, location="query")
@payments.response(200, schemas.PaymentList)
def get_payments(query: dict[str, Any]) -> ResponseReturnValue:
    """All payments of my order, failed ones too."""
    with read() as connection:
        found = read_payments(connection, query["order_id"], account_id=_me_unless_admin())
    return jsonify({"items": [payment_view(one) for one in found], "next_cursor": None})


@payments.get("/<payment_id>")
@who(Role.SHOPPER, Role.ADMIN)
@payments.response(200, schemas.PaymentAnswer)
def get_payment(payment_id: str) -> ResponseReturnValue:
    """One of my payments."""
    with read() as connection:
        found = read_payment(connection, payment_id, account_id=_me_unless_admin())
    return jsonify(payment_view(found))


def _captured(answer: Response, token: str | None) -> Response:
    """The answer with the payment as it stands once the provider was asked, which happens once."""
    if answer.status_code >= 300:
        return answer
    with read() as connection:
        payment = read_payment(connection, str(answer.get_json()["id"]), account_id=None)
    if REPLAYED not in answer.headers:
        payment = _asked(payment, token)
    answer.set_data(current_app.json.dumps(payment_view(payment)))
    return answer


def _asked(payment: Payment, token: str | None) -> Payment:
    database = current_runtime().database
    if token is None:
        return ask_about(database, _outside(), payment)
    if payment.state is PaymentState.PROCESSING:
        return capture(database, _outside(), payment=payment, token=token)
    return payment


def _once_others_are_left(act: Act) -> Response:
    """Another card is tried: an earlier payment that waits on the provider's page is given up."""
    try:
        return once(act)
    except PaymentInProgress as earlier:
        leave_page(current_runtime().database, _outside(), earlier.payment_id)
        return once(act)


def _outside() -> Outside:
    return current_runtime().outside_as(Outside)


def _me_unless_admin() -> str | None:
    me = current_identity()
    return None if me.role is Role.ADMIN else me.subject
