"""Cart's routes: parse, begin, one call, answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from cart_service.domain.owner import Owner
from cart_service.http import schemas
from cart_service.http.views import cart_view
from cart_service.http.whose import whose
from cart_service.usecases.accept_changes import accept_changes
from cart_service.usecases.add_line import add_line
from cart_service.usecases.change_line import LineChange, change_line
from cart_service.usecases.merge_carts import merge_carts
from cart_service.usecases.open_cart import Changed
from cart_service.usecases.read_cart import read_cart
from cart_service.usecases.remove_line import remove_line
from chassis.http import Blueprint
from chassis.idempotency import HEADER as IDEMPOTENCY_KEY
from chassis.idempotency import Answer, once
from chassis.identity import Role
from chassis.requests import begin, current_identity, read
from chassis.routes import Header, anyone, heeds, publishes, who
from shop_events import Tx
from shop_events.contracts.cart import CartMerged

TOKEN_HEADER: Final = "X-Cart-Token"  # noqa: S105 - a name
_TOKEN_SHOWN: Final = {
    TOKEN_HEADER: {
        "description": "Opens the guest's cart that was begun; shown once.",
        "schema": {"type": "string"},
    }
}

cart = Blueprint("cart", __name__, url_prefix="/cart")


@cart.get("")
@anyone
@cart.arguments(schemas.CartHeaders, location="headers")
@cart.response(200, schemas.CartAnswer)
def get_cart(headers: dict[str, Any]) -> ResponseReturnValue:
    """My cart, with present prices; empty for somebody who has none."""
    owner = whose(headers["token"])
    with read() as connection:
        found = read_cart(connection, owner)
    return jsonify(cart_view(Changed(cart=found)))


@cart.post("/lines")
@anyone
@heeds(Header.KEY)
@cart.arguments(schemas.CartHeaders, location="headers")
@cart.arguments(schemas.AddLine)
@cart.response(200, schemas.CartAnswer, headers=_TOKEN_SHOWN)
def post_line(headers: dict[str, Any], body: dict[str, Any]) -> ResponseReturnValue:
    """Put units of a SKU into my cart. A guest's first time begins a cart and gives its token.

    With an ``Idempotency-Key`` a repeat adds nothing more; who has no cart yet has no keys, and
    begins a cart each time.
    """
    owner = whose(headers["token"])

    def act(tx: Tx) -> Changed:
        return add_line(tx, owner, sku_id=body["sku_id"], quantity=body["quantity"])

    return _answer(act, owner)


@cart.patch("/lines/<line_id>")
@anyone
@cart.arguments(schemas.CartHeaders, location="headers")
@cart.arguments(schemas.ChangeLine)
@cart.response(200, schemas.CartAnswer)
def patch_line(headers: dict[str, Any], body: dict[str, Any], line_id: str) -> ResponseReturnValue:
    """Give a line another quantity, another SKU of its product, or another tick."""
    owner = whose(headers["token"])
    with begin() as tx:
        changed = change_line(tx, owner, line_id=line_id, change=LineChange(**body))
    return jsonify(cart_view(changed))


@cart.delete("/lines/<line_id>")
@anyone
@cart.arguments(schemas.CartHeaders, location="headers")
@cart.response(204)
def delete_line(headers: dict[str, Any], line_id: str) -> ResponseReturnValue:
    """Take a line out of my cart; again is no error."""
    owner = whose(headers["token"])
    with begin() as tx:
        remove_line(tx, owner, line_id=line_id)
    return "", 204


@cart.post("/accept-changes")
@anyone
@cart.arguments(schemas.CartHeaders, location="headers")
@cart.response(200, schemas.CartAnswer)
def post_accept_changes(headers: dict[str, Any]) -> ResponseReturnValue:
    """Agree to every change that the lines list, as they are now."""
    owner = whose(headers["token"])
    with begin() as tx:
        changed = accept_changes(tx, owner)
    return jsonify(cart_view(changed))


@cart.post("/merge")
@who(Role.SHOPPER)
@publishes(CartMerged)
@cart.arguments(schemas.Merge)
@cart.response(200, schemas.CartAnswer)
def post_merge(body: dict[str, Any]) -> ResponseReturnValue:
    """Add a guest's cart to mine after signing in; the guest's cart ends. Again is no error.

    ``strategy`` says how many I want of what is in both: the ``sum``, the ``largest`` of the two,
    or as the ``guest`` has it; then what is in mine alone is unticked.
    """
    token, how = body["cart_token"], body["strategy"]
    with begin() as tx:
        changed = merge_carts(tx, current_identity().subject, token=token, how=how)
    return jsonify(cart_view(changed))


def _answer(act: Callable[[Tx], Changed], owner: Owner) -> Response:
    """What ``act`` made of the cart; kept for the idempotency key of whoever owns a cart.

    A visitor without a cart has nobody's keys. That answer alone shows a token, so none is kept.
    """
    if owner.scope is not None and IDEMPOTENCY_KEY in request.headers:
        return once(lambda tx: _shown(act(tx)), scope=owner.scope)
    with begin() as tx:
        body, status, headers = _shown(act(tx))
    response = jsonify(body)
    response.status_code = status
    response.headers.update(headers)
    return response


def _shown(changed: Changed) -> Answer:
    headers = {} if changed.token is None else {TOKEN_HEADER: changed.token}
    return cart_view(changed), 200, headers
