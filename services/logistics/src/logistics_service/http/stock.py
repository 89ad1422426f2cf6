"""Routes for stock: what there is, and movements by hand."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from chassis.http import Blueprint, Id
from chassis.idempotency import Answer, once
from chassis.identity import Role
from chassis.requests import current_identity, read
from chassis.routes import publishes, who
from logistics_service.domain.stock import MovementType
from logistics_service.http import schemas
from logistics_service.http.views import stock_view
from logistics_service.usecases.move_stock import adjust_stock, receive_stock
from logistics_service.usecases.read_stock import read_stock
from shop_events import Tx
from shop_events.contracts.logistics import StockLevelChanged

stock = Blueprint("stock", __name__, url_prefix="/stock")


@stock.get("/<sku_id>")
@who(Role.MERCHANT)
@stock.response(200, schemas.StockAnswer)
def get_stock(sku_id: str) -> ResponseReturnValue:
    """How much there is of one of my SKUs."""
    with read() as connection:
        levels = read_stock(connection, sku_id, merchant_id=_merchant_id())
    return jsonify(stock_view(sku_id, levels))


@stock.post("/<sku_id>/movements")
@who(Role.MERCHANT)
@publishes(StockLevelChanged)
@stock.arguments(schemas.MoveStock)
@stock.response(201, schemas.StockAnswer)
def post_movement(body: dict[str, Any], sku_id: str) -> Response:
    """Goods came in, or were counted anew. Whoever receives a SKU first owns it."""
    sku_id = str(Id().deserialize(sku_id, "sku_id"))

    def act(tx: Tx) -> Answer:
        do = receive_stock if body["type"] is MovementType.RECEIVED else adjust_stock
        mine = _merchant_id()
        level = do(tx, sku_id, body["quantity"], merchant_id=mine, reason=body["reason"])
        return stock_view(sku_id, [level]), 201, {}

    return once(act)


def _merchant_id() -> str:
    return current_identity().merchant_id or ""
