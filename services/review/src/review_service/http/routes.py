"""Review's routes: parse, begin, one call, answer."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from chassis.http import Blueprint
from chassis.http.paging import page
from chassis.identity import Role
from chassis.requests import current_identity, current_runtime, read
from chassis.routes import who
from review_service.http import schemas
from review_service.http.views import line_view
from review_service.usecases.read_pending import read_pending

reviews = Blueprint("reviews", __name__, url_prefix="/reviews")


@reviews.get("/pending")
@who(Role.SHOPPER)
@reviews.arguments(schemas.PendingQuery, location="query")
@reviews.response(200, schemas.PendingPage)
def get_pending(query: dict[str, Any]) -> ResponseReturnValue:
    """What I received and may review."""
    with read() as connection:
        found = read_pending(
            connection,
            current_identity().subject,
            now=current_runtime().database.clock.now(),
            after=query["cursor"],
            at_most=query["limit"] + 1,
        )
    shown = page(
        found, limit=query["limit"], key=lambda one: (one.order_id, one.line_id), show=line_view
    )
    return jsonify(shown)
