"""Aftersales' routes: parse, begin, one call, answer."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from aftersales_service.http import schemas
from aftersales_service.http.views import eligible_view
from aftersales_service.usecases.read_eligible import read_eligible
from chassis.http import Blueprint
from chassis.identity import Role
from chassis.requests import current_identity, current_runtime, read
from chassis.routes import who

aftersales = Blueprint("aftersales", __name__, url_prefix="/aftersales")


@aftersales.get("/eligible")
@who(Role.SHOPPER)
@aftersales.arguments(schemas.EligibleQuery, location="query")
@aftersales.response(200, schemas.EligibleAnswer)
def get_eligible(query: dict[str, Any]) -> ResponseReturnValue:
    """What of one of my orders may still be sent back, and until when."""
    with read() as connection:
        order = read_eligible(connection, query["order_id"], account_id=current_identity().subject)
    return jsonify(eligible_view(order, current_runtime().database.clock.now()))
