"""Development only: quotes as they are given, prices included.

The shop prices carts itself; a replay of real purchases brings its own prices. This door does not
exist outside ``SHOP_ENV=dev``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from flask.typing import ResponseReturnValue

from chassis.http import Blueprint
from chassis.identity import Role
from chassis.requests import begin, current_identity
from chassis.routes import who
from order_service.domain.quote import Destination, Quote, QuoteLine, share_freight, share_out
from order_service.http.dev_schemas import GiveQuote, QuoteAnswer
from order_service.http.views import quote_view
from order_service.usecases.offer_quote import offer_quote

GOOD_FOR: Final = timedelta(minutes=10)  # DOMAIN.md E6

dev_quotes = Blueprint("dev_quotes", __name__, url_prefix="/dev/quotes")


@dev_quotes.post("")
@who(Role.SHOPPER)
@dev_quotes.arguments(GiveQuote)
@dev_quotes.response(201, QuoteAnswer)
def post_quote(body: dict[str, Any]) -> ResponseReturnValue:
    """Keep a quote for me, good for ten minutes."""
    with begin() as tx:
        nothing = body["discount"] * 0
        given = [QuoteLine(**line, discount_share=nothing) for line in body["lines"]]
        quote = Quote(
            id=tx.new_id(),
            account_id=current_identity().subject,
            lines=share_out(given, body["discount"]),
            freights=share_freight(given, body["shipping"]),
            currency=nothing.currency,
            delivery_method=body["delivery_method"],
            destination=Destination(**body["destination"]),
            expires_at=tx.now + GOOD_FOR,
        )
        return quote_view(offer_quote(tx, quote)), 201
