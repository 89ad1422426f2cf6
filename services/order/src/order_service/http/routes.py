"""Order's routes: parse, begin, one call, answer."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, jsonify
from flask.typing import ResponseReturnValue

from chassis.http import Blueprint
from chassis.http.paging import page
from chassis.idempotency import Answer, once
from chassis.identity import Role
from chassis.requests import asked_wait_s, begin, current_identity, read
from chassis.routes import Header, heeds, needs, publishes, who
from order_service.domain.claim import Counted
from order_service.http import schemas
from order_service.http.language import wanted_language
from order_service.http.settled import when_settled
from order_service.http.views import happening_view, order_view, papers_view
from order_service.usecases.cancel_order import cancel_order
from order_service.usecases.confirm_receipt import confirm_receipt
from order_service.usecases.extend_receipt import extend_receipt
from order_service.usecases.place_order import Wish, place_order
from order_service.usecases.read_orders import (
    Asked,
    count_orders,
    read_order,
    read_orders,
    read_papers,
    read_timeline,
)
from shop_events import Tx
from shop_events.contracts.order import (
    OrderCancellationRequested,
    OrderCancelled,
    OrderDeliveryDetails,
    OrderPlaced,
    OrderReceived,
)

orders = Blueprint("orders", __name__, url_prefix="/orders")


@orders.post("")
@who(Role.SHOPPER)
@needs(Header.KEY)
@heeds(Header.WAIT)
@publishes(OrderPlaced, OrderDeliveryDetails)
@orders.arguments(schemas.PlaceOrder)
@orders.response(201, schemas.OrderAnswer)
def post_order(body: dict[str, Any]) -> Response:
    """Turn a quote into an order. It is accepted at once and settles by events.

    With ``Prefer: wait=N`` the answer waits until the stock has answered, or N seconds.
    """
    me = current_identity().subject

    def act(tx: Tx) -> Answer:
        wish = Wish(
            payment_method=body["payment_method"],
            note=body["note"],
            accept_changes=frozenset(body["accept_changes"]),
        )
        placed = place_order(tx, body["quote_id"], account_id=me, wish=wish)
        location = {"Location": f"/api/v1/orders/{placed.id}"}
        return order_view(read_order(tx.connection, placed.id, account_id=me)), 201, location

    return when_settled(once(act), account_id=me, within_s=asked_wait_s())


@orders.get("")
@who(Role.SHOPPER)
@orders.arguments(schemas.OrdersQuery, location="query")
@orders.response(200, schemas.OrderPage)
def get_orders(query: dict[str, Any]) -> ResponseReturnValue:
    """My orders, the newest first, with how many there are of each status."""
    me = current_identity().subject
    with read() as connection:
        found = read_orders(connection, asked_of(query), account_id=me)
        counts = count_orders(connection, account_id=me)
    key = lambda one: (one.order.id,)  # noqa: E731
    shown = page(found, limit=query["limit"], key=key, show=order_view)
    return jsonify({**shown, "counts": counts})


@orders.get("/<order_id>")
@who(Role.SHOPPER)
@orders.response(200, schemas.OrderDetail)
def get_order(order_id: str) -> ResponseReturnValue:
    """One of my orders; its status is worked out from what is known now."""
    me = current_identity().subject
    with read() as connection:
        papers = read_papers(connection, order_id, account_id=me)
    return jsonify({**_mine(order_id), **papers_view(papers)})


@orders.get("/<order_id>/timeline")
@who(Role.SHOPPER)
@orders.response(200, schemas.TimelineAnswer)
def get_timeline(order_id: str) -> ResponseReturnValue:
    """All that happened to one of my orders, in the language of ``Accept-Language``."""
    language = wanted_language()
    with read() as connection:
        told = read_timeline(connection, order_id, account_id=current_identity().subject)
    return jsonify({"items": [happening_view(one, language) for one in told]})


@orders.post("/<order_id>/cancel")
@who(Role.SHOPPER)
@publishes(OrderCancelled, OrderCancellationRequested)
@orders.response(200, schemas.OrderAnswer)
def post_cancel(order_id: str) -> ResponseReturnValue:
    """Cancel the order, or ask for it where a parcel may be on its way already."""
    with begin() as tx:
        cancel_order(tx, order_id, account_id=current_identity().subject)
    return jsonify(_mine(order_id))


@orders.post("/<order_id>/confirm-receipt")
@who(Role.SHOPPER)
@heeds(Header.KEY)
@publishes(OrderReceived)
@orders.arguments(schemas.ConfirmReceipt, required=False)
@orders.response(200, schemas.OrderAnswer)
def post_confirm_receipt(body: dict[str, Any], order_id: str) -> Response:
    """The goods are here: one parcel, or all that were delivered; or so many of each line.

    With an ``Idempotency-Key`` a repeat confirms nothing that was delivered since, and is told of
    the order as it is then.
    """
    me, counted = current_identity().subject, [Counted(**line) for line in body.get("lines", ())]

    def act(tx: Tx) -> Answer:
        parcel_id = body.get("parcel_id")
        confirm_receipt(tx, order_id, account_id=me, parcel_id=parcel_id, counted=counted)
        return {}, 200, {}

    done = once(act)
    if done.status_code == 200:  # nothing of the order is kept for repeats: it is read again
        done.set_data(current_app.json.dumps(_mine(order_id)))
    return done


@orders.post("/<order_id>/extend-receipt")
@who(Role.SHOPPER)
@orders.response(200, schemas.OrderAnswer)
def post_extend_receipt(order_id: str) -> ResponseReturnValue:
    """Five days more before what was delivered counts as received; once."""
    with begin() as tx:
        extend_receipt(tx, order_id, account_id=current_identity().subject)
    return jsonify(_mine(order_id))


def asked_of(query: dict[str, Any]) -> Asked:
    """Which page of a list is meant; one more than it shows tells whether there is another."""
    cursor = query["cursor"]
    return Asked(
        at_most=query["limit"] + 1,
        before=str(cursor[0]) if cursor else None,
        status=query["status"],
        words=query["q"],
    )


def _mine(order_id: str) -> dict[str, Any]:
    with read() as connection:
        return order_view(read_order(connection, order_id, account_id=current_identity().subject))
