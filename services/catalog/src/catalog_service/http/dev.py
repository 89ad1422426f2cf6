"""Development only: products whose SKU ids are known before, so that a shop can be filled by file.

This door does not exist outside ``SHOP_ENV=dev``.
"""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from catalog_service.http import merchant_answers as answers
from catalog_service.http import merchant_schemas as schemas
from catalog_service.http.back_office import merchant_of
from catalog_service.http.said import said_in
from catalog_service.http.views import own_view
from catalog_service.usecases.publish_product import publish_product
from catalog_service.usecases.write_product import create_product
from chassis.http import Blueprint
from chassis.identity import Role
from chassis.requests import begin, current_identity
from chassis.routes import publishes, who
from shop_events.contracts.catalog import ProductChanged

dev_products = Blueprint("dev_products", __name__, url_prefix="/dev/products")


@dev_products.post("")
@who(Role.MERCHANT)
@publishes(ProductChanged)
@dev_products.arguments(schemas.DevWriteProduct)
@dev_products.response(201, answers.OwnProductAnswer)
def post_dev_product(body: dict[str, Any]) -> ResponseReturnValue:
    """As ``POST /catalog/products``, with SKU ids, and published at once if asked."""
    me = current_identity()
    mine, by = merchant_of(me), me.subject
    with begin() as tx:
        external_id = body.get("external_id")
        made = create_product(tx, said_in(body), merchant_id=mine, by=by, external_id=external_id)
        if body["publish"]:
            made = publish_product(tx, made.id, merchant_id=mine, by=by)
    return jsonify(own_view(made)), 201
