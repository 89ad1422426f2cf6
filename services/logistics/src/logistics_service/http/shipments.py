"""Routes for shipments: the merchant's work, and where the buyer's parcels are.

A shipment is a fulfilment; wherever its id may stand, the id of one of its parcels may too.
"""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from chassis.http import Blueprint
from chassis.http.paging import page
from chassis.identity import Role
from chassis.requests import begin, current_identity, current_runtime, read
from chassis.routes import publishes, who
from logistics_service.http import schemas
from logistics_service.http.views import parcel_view, shipment_view
from logistics_service.outside.carrier import Carriers
from logistics_service.usecases.hold_fulfilment import hold_fulfilment
from logistics_service.usecases.pack_parcel import pack_parcel
from logistics_service.usecases.read_shipments import (
    Viewer,
    read_shipment,
    read_shipments,
    read_tracking,
    read_work,
)
from logistics_service.usecases.ship_parcel import (
    choose_parcel,
    draw_waybill,
    must_know,
    record_shipped,
)
from shop_events.contracts.logistics import ParcelPacked, ParcelShipped, StockLevelChanged

shipments = Blueprint("shipments", __name__)


@shipments.get("/shipments")
@who(Role.SHOPPER, Role.MERCHANT)
@shipments.arguments(schemas.ShipmentsQuery, location="query")
@shipments.response(200, schemas.ShipmentList)
def get_shipments(query: dict[str, Any]) -> ResponseReturnValue:
    """The shipments of one order, as far as they are mine."""
    with read() as connection:
        found = read_shipments(connection, query["order_id"], _viewer())
    return _personal({"items": [shipment_view(one) for one in found], "next_cursor": None})


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
        parcel, seen = read_tracking(connection, waybill, _viewer())
    return _personal(parcel_view(parcel, seen))


@shipments.get("/merchant/shipments")
@who(Role.MERCHANT)
@shipments.arguments(schemas.WorkQuery, location="query")
@shipments.response(200, schemas.ShipmentList)
def get_work(query: dict[str, Any]) -> ResponseReturnValue:
    """My shipments, the oldest first; ``status`` picks a heap."""
    limit, cursor = query["limit"], query["cursor"]
    with read() as connection:
        found = read_work(
            connection,
            _merchant_id(),
            status=query["status"],
            after=str(cursor[0]) if cursor else None,
            at_most=limit + 1,
        )
    return _personal(
        page(found, limit=limit, key=lambda one: (one.fulfilment.id,), show=shipment_view)
    )


@shipments.post("/shipments/<shipment_id>/pack")
@who(Role.MERCHANT)
@publishes(ParcelPacked)
@shipments.arguments(schemas.Pack, required=False)
@shipments.response(201, schemas.ParcelAnswer)
def post_pack(body: dict[str, Any], shipment_id: str) -> ResponseReturnValue:
    """Close a parcel with these units, or with all that are left."""
    units = _units(body.get("lines"))
    with begin() as tx:
        parcel = pack_parcel(tx, shipment_id, merchant_id=_merchant_id(), units=units)
    return parcel_view(parcel, ()), 201


@shipments.post("/shipments/<shipment_id>/ship")
@who(Role.MERCHANT)
@publishes(ParcelPacked, ParcelShipped, StockLevelChanged)
@shipments.arguments(schemas.Ship)
@shipments.response(200, schemas.ParcelAnswer)
def post_ship(body: dict[str, Any], shipment_id: str) -> ResponseReturnValue:
    """Hand a parcel to the carrier; if nothing is packed yet, all is. May safely be repeated."""
    carriers, me = current_runtime().outside_as(Carriers), _merchant_id()
    carrier = body["carrier"]
    must_know(carriers, carrier)
    with begin(publishes={ParcelPacked}) as tx:
        parcel = choose_parcel(tx, shipment_id, merchant_id=me)
    known = parcel.waybill if parcel.carrier == carrier else None
    waybill = body["waybill"] or known or draw_waybill(carriers, carrier, parcel.id)
    with begin(publishes={ParcelShipped, StockLevelChanged}) as tx:
        shipped = record_shipped(tx, parcel.id, merchant_id=me, carrier=carrier, waybill=waybill)
    return parcel_view(shipped, ()), 200


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
        return _personal(shipment_view(read_shipment(connection, shipment_id, _viewer())))


def _personal(body: dict[str, Any]) -> Response:
    """Names somebody: no cache may keep it (SECURITY.md 6)."""
    answer = jsonify(body)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _units(lines: list[dict[str, Any]] | None) -> dict[str, int] | None:
    if lines is None:
        return None
    units = {line["line_id"]: line["quantity"] for line in lines}
    if len(units) < len(lines):
        raise ValidationError({"lines": ["A line stands there twice."]})
    return units


def _viewer() -> Viewer:
    me = current_identity()
    if me.role is Role.MERCHANT:
        return Viewer(merchant_id=me.merchant_id)
    return Viewer(account_id=me.subject)


def _merchant_id() -> str:
    return current_identity().merchant_id or ""
