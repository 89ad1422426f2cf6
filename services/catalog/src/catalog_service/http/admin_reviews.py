"""What admins do with products that wait for them; only where the shop reviews, any do."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from catalog_service.domain.product import Product
from catalog_service.http import review_schemas as schemas
from catalog_service.http.caching import version_tag, wanted_version
from catalog_service.http.views import own_view
from catalog_service.usecases.review_products import (
    approve_product,
    read_waiting,
    send_back_product,
)
from chassis.http import Blueprint
from chassis.http.paging import PageQuery, page
from chassis.identity import Role
from chassis.problems import Problem
from chassis.requests import asked_with, begin, current_identity, read
from chassis.routes import Header, heeds, needs, publishes, who
from shop_events.contracts.catalog import ProductChanged

reviews = Blueprint("reviews", __name__, url_prefix="/admin/products")


@reviews.get("/reviews")
@who(Role.ADMIN)
@reviews.arguments(PageQuery, location="query")
@reviews.response(200, schemas.ReviewPage)
def get_reviews(query: dict[str, Any]) -> ResponseReturnValue:
    """What waits for me, longest first; ``If-Match: "v<version>"`` names what I looked at."""
    after = schemas.place_in(query["cursor"])
    with read() as connection:
        found = read_waiting(connection, after=after, at_most=query["limit"] + 1)
    return jsonify(page(found, limit=query["limit"], key=_place, show=_view))


@reviews.post("/<product_id>/approve")
@who(Role.ADMIN)
@needs(Header.UNCHANGED)
@publishes(ProductChanged)
@reviews.response(200, schemas.ReviewAnswer)
def post_approve(product_id: str) -> Response:
    """Buyers may see this; ``If-Match`` names what I looked at, so that nothing else is meant."""
    if asked_with(Header.UNCHANGED) is None:
        words = "Look at the product first and send its version as If-Match."
        raise Problem(428, "precondition_required", words)  # RFC 6585 section 3
    me, version = current_identity().subject, wanted_version()
    with begin() as tx:
        approved = approve_product(tx, product_id, by=me, if_version=version)
    return _answer(approved)


@reviews.post("/<product_id>/send-back")
@who(Role.ADMIN)
@heeds(Header.UNCHANGED)
@publishes(ProductChanged)
@reviews.arguments(schemas.SendBack)
@reviews.response(200, schemas.ReviewAnswer)
def post_send_back(body: dict[str, Any], product_id: str) -> Response:
    """Buyers may not see this yet; its merchant reads the reason."""
    me, version = current_identity().subject, wanted_version()
    with begin() as tx:
        back = send_back_product(tx, product_id, body["reason"], by=me, if_version=version)
    return _answer(back)


def _place(one: Product) -> tuple[int, str]:
    return schemas.cursor_of(one.review_since or one.changed_at, one.id)


def _view(one: Product) -> dict[str, Any]:
    return {**own_view(one), "merchant_id": one.merchant_id}


def _answer(one: Product) -> Response:
    response = jsonify(_view(one))
    response.headers["ETag"] = version_tag(one.version)
    return response
