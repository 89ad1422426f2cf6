"""Refunds by hand, for merchants and admins, and a look at any refund."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from chassis.http import Blueprint
from chassis.http.paging import page
from chassis.idempotency import Answer, once
from chassis.identity import Role
from chassis.requests import current_identity, read
from chassis.routes import Header, needs, publishes, who
from payment_service.domain.refund import Share
from payment_service.http import schemas
from payment_service.http.views import refund_view
from payment_service.usecases.read_payments import read_refund, read_refunds
from payment_service.usecases.refund_by_hand import refund_by_hand
from payment_service.usecases.settle_by_hand import settle_by_hand
from shop_events import Tx
from shop_events.contracts.payment import PaymentRefunded, PaymentRefundFailed

refunds = Blueprint("refunds", __name__, url_prefix="/refunds")


@refunds.post("")
@who(Role.MERCHANT, Role.ADMIN)
@needs(Header.KEY)
@publishes(PaymentRefunded, PaymentRefundFailed)
@refunds.arguments(schemas.StartRefund)
@refunds.response(201, schemas.RefundAnswer)
def post_refund(body: dict[str, Any]) -> Response:
    """Pay something of an order back: a merchant of its own lines, an admin of all and of shipping.

    The provider is asked right afterwards; `GET /refunds/{id}` tells how it ended.
    """
    me = current_identity()

    def act(tx: Tx) -> Answer:
        refund = refund_by_hand(
            tx,
            body["order_id"],
            tuple(Share(**share) for share in body["shares"]),
            reason=body["reason"],
            merchant_id=me.merchant_id,
        )
        return refund_view(refund), 201, {"Location": f"/api/v1/refunds/{refund.id}"}

    return once(act)


@refunds.get("")
@who(Role.ADMIN)
@refunds.arguments(schemas.RefundsQuery, location="query")
@refunds.response(200, schemas.RefundList)
def get_refunds(query: dict[str, Any]) -> ResponseReturnValue:
    """All refunds, or those in one state: ``failed`` and ``reversed`` wait for people."""
    cursor = query["cursor"] or ("",)
    with read() as connection:
        found = read_refunds(
            connection, query["status"], after=str(cursor[0]), limit=query["limit"] + 1
        )
    shown = page(found, limit=query["limit"], key=lambda one: (one.id,), show=refund_view)
    return jsonify(shown)


@refunds.post("/<refund_id>/settle-by-hand")
@who(Role.ADMIN)
@needs(Header.KEY)
@publishes(PaymentRefunded)
@refunds.arguments(schemas.SettleByHand)
@refunds.response(200, schemas.RefundAnswer)
def post_settle_by_hand(body: dict[str, Any], refund_id: str) -> Response:
    """A failed refund was paid back from our own bank account, under this reference."""
    me = current_identity().subject

    def act(tx: Tx) -> Answer:
        refund = settle_by_hand(tx, refund_id, reference=body["reference"], by=me)
        return refund_view(refund), 200, {}

    return once(act)


@refunds.get("/<refund_id>")
@who(Role.SHOPPER, Role.MERCHANT, Role.ADMIN)
@refunds.response(200, schemas.RefundAnswer)
def get_refund(refund_id: str) -> ResponseReturnValue:
    """A refund of mine, with my shares of it where I am a merchant."""
    me = current_identity()
    with read() as connection:
        found = read_refund(
            connection,
            refund_id,
            account_id=me.subject if me.role is Role.SHOPPER else None,
            merchant_id=me.merchant_id,
        )
    return jsonify(refund_view(found))
