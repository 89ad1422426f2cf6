"""Quotes: what goods cost, for whoever asks, and why."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from chassis.http import Blueprint
from chassis.identity import Role
from chassis.requests import begin, maybe_identity, read
from chassis.routes import anyone
from order_service.domain.quote import NOBODY, Destination
from order_service.http.checkout_schemas import (
    AskForQuote,
    CheckoutQuoteAnswer,
    ExplanationAnswer,
    WaysToPay,
    WaysToPayQuery,
)
from order_service.http.checkout_views import checkout_view, explanation_view, ways_view
from order_service.http.language import wanted_language
from order_service.usecases.look_at_quote import look_at_quote
from order_service.usecases.price_quote import Basket, price_quote

checkout = Blueprint("checkout", __name__, url_prefix="/checkout/quotes")
ways_to_pay = Blueprint("ways_to_pay", __name__, url_prefix="/payments/methods")


@checkout.post("")
@anyone
@checkout.arguments(AskForQuote)
@checkout.response(201, CheckoutQuoteAnswer)
def post_checkout_quote(body: dict[str, Any]) -> ResponseReturnValue:
    """What these goods cost, brought there. With an address, a shopper may order it.

    Anybody may ask; what nobody in particular asked for is an estimate.
    """
    coupon_ids = body["coupon_codes"]
    basket = Basket(
        lines=tuple((line["sku_id"], line["quantity"]) for line in body["lines"]),
        destination=_destination(body),
        delivery_method=body["delivery_method"],
        coupon_ids=None if coupon_ids is None else tuple(coupon_ids),
    )
    with begin() as tx:
        quote = price_quote(tx, basket, account_id=_who())
    return jsonify(checkout_view(quote, (), wanted_language())), 201


@checkout.get("/<quote_id>")
@anyone
@checkout.response(200, CheckoutQuoteAnswer)
def get_checkout_quote(quote_id: str) -> Response:
    """A quote of mine, or of nobody's, with what has changed since."""
    with read() as connection:
        quote, changes = look_at_quote(connection, quote_id, account_id=_who())
    return jsonify(checkout_view(quote, changes, wanted_language()))


@checkout.get("/<quote_id>/explain")
@anyone
@checkout.response(200, ExplanationAnswer)
def get_explanation(quote_id: str) -> Response:
    """Every rule that was tried, hit or missed, and why; and where the odd fen lie."""
    with read() as connection:
        quote, _ = look_at_quote(connection, quote_id, account_id=_who())
    return jsonify(explanation_view(quote))


@ways_to_pay.get("")
@anyone
@ways_to_pay.arguments(WaysToPayQuery, location="query")
@ways_to_pay.response(200, WaysToPay)
def get_ways_to_pay(query: dict[str, Any]) -> Response:
    """The ways to pay, and what each needs; with ``quote_id`` which of them that quote allows.

    It is answered here: order decides by the quote what may be paid how, and payment knows none.
    """
    quote = None
    if query["quote_id"] is not None:
        with read() as connection:
            quote, _ = look_at_quote(connection, query["quote_id"], account_id=_who())
    return jsonify({"items": ways_view(quote, wanted_language())})


def _who() -> str:
    """The shopper; staff who look at prices do so as anybody would."""
    identity = maybe_identity()
    return identity.subject if identity and identity.role is Role.SHOPPER else NOBODY


def _destination(body: dict[str, Any]) -> Destination:
    """Nobody in particular leaves no address behind: an estimate needs the division alone."""
    address = body["address"]
    if address is None:
        return Destination(division_code=body["division_code"])
    if _who() == NOBODY:
        return Destination(division_code=address["division_code"])
    code = address["postal_code"]
    return Destination(
        recipient=address["recipient"].strip(),
        phone=address["phone"],
        division_code=address["division_code"],
        address=address["line1"].strip() + (f" ({code})" if code else ""),
    )
