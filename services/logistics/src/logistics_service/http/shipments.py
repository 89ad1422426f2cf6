"""Routes for shipments: where they are, and stopping them.

A shipment is a fulfilment; wherever its id may stand, the id of one of its parcels may too.
"""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from chassis.http import Blueprint
from chassis.identity import Role
from chassis.requests import begin, current_identity, read
from chassis.routes import who
from logistics_service.domain.viewer import Viewer
from logistics_service.http import schemas
from logistics_service.http.views import parcel_view, shipment_view
from logistics_service.usecases.hold_fulfilment import hold_fulfilment
from logistics_service.usecases.read_shipments import (
    read_shipment,
    read_shipments,
    read_tracking,
)

shipments = Blueprint("shipments", __name__)


@shipments.get("/shipments")
@who(Role.SHOPPER, Role.MERCHANT)
@shipments.arguments(schemas.ShipmentsQuery, location="query")
@shipments.response(200, schemas.ShipmentList)
def get_shipments(query: dict[str, Any]) -> ResponseReturnValue:
    """The shipments of one order, as far as they are mine."""
    with read() as connection:
        found = read_shipments(connection, query["order_id"], _viewer())
    return personal({"items": [shipment_view(one) for one in found], "next_cursor": None})


@shipments.get("/shipments/<shipment_id>")
@who(Role.SHOPPER, Role.MERCHANT)
@shipments.response(200, schemas.ShipmentAnswer)
def get_shipment(shipment_id: str) -> ResponseReturnValue:
    """One of my shipments, with its parcels and where they were seen."""
    return _shown(shipment_id)


@shipments.get("/tracking/<waybill>")
@who(Role.SHOPPER, Role.MERCHANT)
@shipments.response(200, schemas.ParcelAnswer)
def get_tracking(waybill: str) -> ResponseReturnValue:
    """The parcel with this waybill, if it is mine."""
    with read() as connection:
        seen = read_tracking(connection, waybill, _viewer())
    return personal(parcel_view(seen.parcel, seen.traces, to_buyer=seen.shows_codes))


@shipments.post("/merchant/fulfilments/<fulfilment_id>/hold")
@who(Role.MERCHANT)
@shipments.response(200, schemas.ShipmentAnswer)
def post_hold(fulfilment_id: str) -> ResponseReturnValue:
    """Stop one of my fulfilments; nobody else's parcels wait for it."""
    with begin() as tx:
        hold_fulfilment(tx, fulfilment_id, merchant_id=_merchant_id(), on=True)
    return _shown(fulfilment_id)


@shipments.post("/merchant/fulfilments/<fulfilment_id>/release")
@who(Role.MERCHANT)
@shipments.response(200, schemas.ShipmentAnswer)
def post_release(fulfilment_id: str) -> ResponseReturnValue:
    """Let one of my fulfilments go on."""
    with begin() as tx:
        hold_fulfilment(tx, fulfilment_id, merchant_id=_merchant_id(), on=False)
    return _shown(fulfilment_id)


def _shown(shipment_id: str) -> Response:
    with read() as connection:
        return personal(shipment_view(read_shipment(connection, shipment_id, _viewer())))


def personal(body: dict[str, Any]) -> Response:
    """Names somebody: no cache may keep it (SECURITY.md 6)."""
    answer = jsonify(body)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _viewer() -> Viewer:
    me = current_identity()
    if me.role is Role.MERCHANT:
        return Viewer(merchant_id=me.merchant_id)
    return Viewer(account_id=me.subject)


def _merchant_id() -> str:
    return current_identity().merchant_id or ""
