"""Routes for the merchant's work: heaps, packing, shipping, handing over, waybills put right."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from chassis.http import Blueprint
from chassis.http.paging import page
from chassis.idempotency import Answer, once
from chassis.identity import Role
from chassis.requests import begin, current_identity, current_runtime, read
from chassis.routes import Header, heeds, publishes, who
from logistics_service.domain.errors import CarrierUnclear, LogisticsError
from logistics_service.domain.parcel import Label, Parcel
from logistics_service.domain.work import Wanted
from logistics_service.http import schemas
from logistics_service.http.shipments import personal
from logistics_service.http.views import parcel_view, shipment_view
from logistics_service.outside.carrier import Carriers
from logistics_service.usecases.call_carrier import choose_carrier, draw_waybill
from logistics_service.usecases.correct_waybill import correct_waybill
from logistics_service.usecases.follow_parcel import TOLD
from logistics_service.usecases.hand_over import hand_over
from logistics_service.usecases.pack_parcel import pack_parcel
from logistics_service.usecases.read_shipments import (
    count_work,
    read_scanned,
    read_work,
)
from logistics_service.usecases.ship_parcel import choose_parcel, record_shipped
from shop_events import Tx
from shop_events.contracts.logistics import (
    ParcelPacked,
    ParcelShipped,
    ParcelWaybillCorrected,
    StockLevelChanged,
)

packing = Blueprint("packing", __name__)


@packing.get("/merchant/shipments")
@who(Role.MERCHANT)
@packing.arguments(schemas.WorkQuery, location="query")
@packing.response(200, schemas.WorkList)
def get_work(query: dict[str, Any]) -> ResponseReturnValue:
    """My shipments, the oldest first: a heap, a carrier's, or those with a word in them."""
    me, limit, cursor = _merchant_id(), query["limit"], query["cursor"]
    wanted = Wanted(
        merchant_id=me, status=query["status"], carrier=query["carrier"], word=query["q"]
    )
    with read() as connection:
        after = str(cursor[0]) if cursor else None
        found = read_work(connection, wanted, after=after, at_most=limit + 1)
        counts = count_work(connection, me)
    shown = page(found, limit=limit, key=lambda one: (one.fulfilment.id,), show=shipment_view)
    return personal(shown | {"counts": counts})


@packing.get("/merchant/scan/<code>")
@who(Role.MERCHANT)
@packing.response(200, schemas.ShipmentAnswer)
def get_scanned(code: str) -> ResponseReturnValue:
    """My shipment with this on it: a waybill, a parcel's or its own id, or an order's number."""
    with read() as connection:
        return personal(shipment_view(read_scanned(connection, _merchant_id(), code)))


@packing.post("/shipments/<shipment_id>/pack")
@who(Role.MERCHANT)
@heeds(Header.KEY)
@publishes(ParcelPacked)
@packing.arguments(schemas.Pack, required=False)
@packing.response(201, schemas.ParcelAnswer)
def post_pack(body: dict[str, Any], shipment_id: str) -> ResponseReturnValue:
    """Close a parcel with these units, or with all that are left.

    With an ``Idempotency-Key`` a repeat packs no second parcel, and is told of it as it was packed.
    """
    units, me = _units(body.get("lines")), _merchant_id()

    def act(tx: Tx) -> Answer:
        return parcel_view(pack_parcel(tx, shipment_id, merchant_id=me, units=units)), 201, {}

    return once(act)


@packing.post("/shipments/<shipment_id>/ship")
@who(Role.MERCHANT)
@publishes(ParcelPacked, ParcelShipped, StockLevelChanged)
@packing.arguments(schemas.Ship, required=False)
@packing.response(200, schemas.ParcelAnswer)
def post_ship(body: dict[str, Any], shipment_id: str) -> ResponseReturnValue:
    """Hand a parcel to the carrier; if nothing was packed yet, all is. May safely be repeated.

    By the shipment's id, a second parcel leaves only once it is packed.
    """
    return parcel_view(_ship(shipment_id, body.get("carrier"), body.get("waybill"))), 200


@packing.post("/merchant/shipments/ship")
@who(Role.MERCHANT)
@publishes(ParcelPacked, ParcelShipped, StockLevelChanged)
@packing.arguments(schemas.ShipMany)
@packing.response(200, schemas.ShippedList)
def post_ship_many(body: dict[str, Any]) -> ResponseReturnValue:
    """Ship several, each on its own: one that cannot be shipped does not stop the others."""
    wanted = list(dict.fromkeys(body["shipments"]))
    return {"items": [_try_to_ship(one, body["carrier"]) for one in wanted]}, 200


@packing.post("/shipments/<shipment_id>/hand-over")
@who(Role.MERCHANT)
@publishes(ParcelPacked, ParcelShipped, *TOLD)
@packing.arguments(schemas.HandOver, required=False)
@packing.response(200, schemas.ParcelAnswer)
def post_hand_over(body: dict[str, Any], shipment_id: str) -> ResponseReturnValue:
    """The buyer fetched it, or my own people brought it. May safely be repeated."""
    told = {**schemas.HandOver().load({}), **body}
    with begin() as tx:
        parcel = hand_over(tx, shipment_id, merchant_id=_merchant_id(), **told)
    return parcel_view(parcel), 200


@packing.patch("/shipments/<parcel_id>/waybill")
@who(Role.MERCHANT)
@publishes(ParcelWaybillCorrected)
@packing.arguments(schemas.CorrectWaybill)
@packing.response(200, schemas.ParcelAnswer)
def patch_waybill(body: dict[str, Any], parcel_id: str) -> ResponseReturnValue:
    """Put a mistyped waybill right, before its carrier saw the parcel; who did is kept."""
    me, carriers = current_identity(), current_runtime().outside_as(Carriers)
    carrier = choose_carrier(carriers, body["carrier"], body["waybill"])
    if carrier is None:
        raise CarrierUnclear(parcel_id)
    label = Label(carrier=carrier, waybill=body["waybill"])
    with begin() as tx:
        corrected = correct_waybill(
            tx, parcel_id, label, merchant_id=_merchant_id(), changed_by=me.subject
        )
    return parcel_view(corrected), 200


def _ship(shipment_id: str, named: str | None, waybill: str | None) -> Parcel:
    carriers, me = current_runtime().outside_as(Carriers), _merchant_id()
    carrier = choose_carrier(carriers, named, waybill)
    with begin(publishes={ParcelPacked}) as tx:
        parcel = choose_parcel(tx, shipment_id, merchant_id=me, carrier=carrier)
    taken_by = carrier or parcel.carrier or ""
    known = parcel.waybill if parcel.carrier == taken_by else None
    drawn = waybill or known or draw_waybill(carriers, taken_by, parcel.id)
    label = Label(carrier=taken_by, waybill=drawn)
    with begin(publishes={ParcelShipped, StockLevelChanged}) as tx:
        return record_shipped(tx, parcel.id, label, merchant_id=me)


def _try_to_ship(shipment_id: str, carrier: str | None) -> dict[str, Any]:
    answer: dict[str, Any] = {"shipment_id": shipment_id, "parcel": None, "problem": None}
    try:
        answer["parcel"] = parcel_view(_ship(shipment_id, carrier, None))
    except LogisticsError as error:
        answer["problem"] = {
            "status": error.status,
            "code": error.code,
            "detail": str(error),
        }
    return answer


def _units(lines: list[dict[str, Any]] | None) -> dict[str, int] | None:
    if lines is None:
        return None
    units = {line["line_id"]: line["quantity"] for line in lines}
    if len(units) < len(lines):
        raise ValidationError({"lines": ["A line stands there twice."]})
    return units


def _merchant_id() -> str:
    return current_identity().merchant_id or ""
