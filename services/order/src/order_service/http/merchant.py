"""A merchant's part of orders."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from chassis.http import Blueprint
from chassis.http.paging import page
from chassis.identity import Role
from chassis.requests import begin, current_identity, read
from chassis.routes import publishes, who
from order_service.http import schemas
from order_service.http.routes import asked_of
from order_service.http.views import merchant_order_view
from order_service.usecases.cancel_unsent import cancel_own_lines
from order_service.usecases.read_orders import read_merchant_order, read_merchant_orders
from shop_events.contracts.order import OrderCancellationRequested

merchant_orders = Blueprint("merchant_orders", __name__, url_prefix="/merchant/orders")


@merchant_orders.get("")
@who(Role.MERCHANT)
@merchant_orders.arguments(schemas.OrdersQuery, location="query")
@merchant_orders.response(200, schemas.MerchantOrderPage)
def get_merchant_orders(query: dict[str, Any]) -> Response:
    """Orders with goods of mine, the newest first; only my lines of them."""
    me = _merchant()
    with read() as connection:
        found = read_merchant_orders(connection, asked_of(query), merchant_id=me)
    show = lambda seen: merchant_order_view(seen, me)  # noqa: E731
    key = lambda seen: (seen.order.id,)  # noqa: E731
    return jsonify(page(found, limit=query["limit"], key=key, show=show))


@merchant_orders.get("/<order_id>")
@who(Role.MERCHANT)
@merchant_orders.response(200, schemas.MerchantOrderAnswer)
def get_merchant_order(order_id: str) -> Response:
    """My part of an order."""
    return jsonify(_mine(order_id))


@merchant_orders.post("/<order_id>/cancel")
@who(Role.MERCHANT)
@publishes(OrderCancellationRequested)
@merchant_orders.response(200, schemas.MerchantOrderAnswer)
def post_merchant_cancel(order_id: str) -> Response:
    """I cannot deliver what is left of my part: it is cancelled and paid back."""
    with begin() as tx:
        cancel_own_lines(tx, order_id, merchant_id=_merchant())
    return jsonify(_mine(order_id))


def _mine(order_id: str) -> dict[str, Any]:
    me = _merchant()
    with read() as connection:
        seen = read_merchant_order(connection, order_id, merchant_id=me)
    return merchant_order_view(seen, me)


def _merchant() -> str:
    return current_identity().merchant_id or ""
