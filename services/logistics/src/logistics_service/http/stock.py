"""Routes for stock: what there is, and movements by hand."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from chassis.http import Blueprint, Id
from chassis.http.paging import page
from chassis.idempotency import Answer, once
from chassis.identity import Role
from chassis.requests import begin, current_identity, current_runtime, has_seen, read
from chassis.routes import Header, heeds, needs, publishes, who
from chassis.settings import Env
from logistics_service.domain.stock import Level, MovementType
from logistics_service.http import schemas
from logistics_service.http.views import proof_view, stock_view
from logistics_service.usecases.learn_product import claim_sku
from logistics_service.usecases.move_stock import adjust_stock, receive_stock
from logistics_service.usecases.prove_stock import read_proofs
from logistics_service.usecases.read_stock import read_stock, read_stocks
from logistics_service.usecases.set_safety import set_safety
from shop_events import Tx
from shop_events.contracts.logistics import StockLevelChanged

stock = Blueprint("stock", __name__)

PROOFS_SHOWN = 30


@stock.get("/stock")
@who(Role.MERCHANT)
@stock.arguments(schemas.StockQuery, location="query")
@stock.response(200, schemas.StockList)
def get_stocks(query: dict[str, Any]) -> ResponseReturnValue:
    """My SKUs and how much there is of each; ``low=true``: those that run out."""
    limit, cursor = query["limit"], query["cursor"]
    with read() as connection:
        found = read_stocks(
            connection,
            _merchant_id(),
            low=query["low"],
            after=str(cursor[0]) if cursor else None,
            at_most=limit + 1,
        )
    shown = page(
        found,
        limit=limit,
        key=lambda one: (one.sku_id,),
        show=lambda one: stock_view(one.sku_id, [one]),
    )
    return jsonify(shown)


@stock.get("/admin/stock-proofs")
@who(Role.ADMIN)
@stock.response(200, schemas.ProofList)
def get_proofs() -> ResponseReturnValue:
    """What the last nightly proofs of the stock ledger found."""
    with read() as connection:
        found = read_proofs(connection, at_most=PROOFS_SHOWN)
    return jsonify({"items": [proof_view(one) for one in found]})


@stock.get("/stock/<sku_id>")
@who(Role.MERCHANT)
@stock.response(200, schemas.StockAnswer)
def get_stock(sku_id: str) -> Response:
    """How much there is of one of my SKUs; its ``ETag`` is another one after every movement."""
    with read() as connection:
        return _tagged(sku_id, read_stock(connection, sku_id, merchant_id=_merchant_id()))


@stock.patch("/stock/<sku_id>")
@who(Role.MERCHANT)
@heeds(Header.UNCHANGED)
@publishes(StockLevelChanged)
@stock.arguments(schemas.SetSafety)
@stock.response(200, schemas.StockAnswer)
def patch_stock(body: dict[str, Any], sku_id: str) -> Response:
    """Keep so many units back from being sold; with ``If-Match`` only if nothing moved since."""
    with begin() as tx:
        level = set_safety(
            tx,
            sku_id,
            body["safety"],
            merchant_id=_merchant_id(),
            has_seen=lambda version: has_seen(str(version)),
        )
    return _tagged(sku_id, [level])


@stock.post("/stock/<sku_id>/movements")
@who(Role.MERCHANT)
@needs(Header.KEY)
@publishes(StockLevelChanged)
@stock.arguments(schemas.MoveStock)
@stock.response(201, schemas.StockAnswer)
def post_movement(body: dict[str, Any], sku_id: str) -> Response:
    """Goods came in, or were counted anew. Whose a SKU is, catalog says.

    In a development shop whoever is the first to receive one that catalog never told of owns it.
    """
    sku_id = str(Id().deserialize(sku_id, "sku_id"))
    in_development = current_runtime().settings.env is Env.DEV

    def act(tx: Tx) -> Answer:
        do = receive_stock if body["type"] == MovementType.RECEIVED else adjust_stock
        mine = _merchant_id()
        if in_development and do is receive_stock:
            claim_sku(tx, sku_id, mine)
        level = do(tx, sku_id, body["quantity"], merchant_id=mine, reason=body["reason"])
        return stock_view(sku_id, [level]), 201, {}

    return once(act)


def _tagged(sku_id: str, levels: list[Level]) -> Response:
    """Versions only grow, so their sum is another one whenever any counter moved."""
    answer = jsonify(stock_view(sku_id, levels))
    answer.set_etag(str(sum(level.version for level in levels)))
    return answer


def _merchant_id() -> str:
    return current_identity().merchant_id or ""
