"""The bodies of logistics' routes."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.http.fields import Answer, Body, Id, Instant, Quantity, Query, StrictInteger
from chassis.http.paging import PageQuery
from logistics_service.domain.fulfilment import Status
from logistics_service.domain.stock import MovementType
from logistics_service.domain.trace import Sighting

_BY_HAND = (MovementType.RECEIVED, MovementType.ADJUSTED)
_MOST_AT_ONCE = 1_000_000

_waybill = validate.Regexp(r"[A-Za-z0-9-]{1,64}\Z", error="This is no waybill.")


class MoveStock(Body):
    """Body of ``POST /stock/{sku_id}/movements``; to adjust, ``quantity`` may be below zero."""

    type = fields.Enum(
        MovementType, by_value=True, required=True, validate=validate.OneOf(_BY_HAND)
    )
    quantity = StrictInteger(required=True, validate=validate.Range(-_MOST_AT_ONCE, _MOST_AT_ONCE))
    reason = fields.String(load_default="", validate=validate.Length(max=500))


class LevelAnswer(Answer):
    """How much of a SKU there is in a warehouse."""

    warehouse_id = Id()
    on_hand = fields.Integer()
    held = fields.Integer()
    allocated = fields.Integer()
    safety = fields.Integer()
    available = fields.Integer()


class StockAnswer(Answer):
    """How much of a SKU there is."""

    sku_id = Id()
    available = fields.Integer()
    band = fields.String()
    levels = fields.List(fields.Nested(LevelAnswer))


class PackLine(Body):
    """So many units of a line go into the parcel."""

    line_id = Id(required=True)
    quantity = Quantity(required=True)


class Pack(Body):
    """Body of ``POST /shipments/{id}/pack``; without lines, all that is left."""

    lines = fields.List(
        fields.Nested(PackLine), load_default=None, validate=validate.Length(1, 200)
    )


class Ship(Body):
    """Body of ``POST /shipments/{id}/ship``; without a waybill, one is drawn from the carrier."""

    carrier = Id(required=True)
    waybill = fields.String(load_default=None, validate=_waybill)


class ShipmentsQuery(Query):
    """What must stand behind ``GET /shipments?``."""

    order_id = Id(required=True)


class WorkQuery(PageQuery):
    """What may stand behind ``GET /merchant/shipments?``."""

    status = fields.Enum(Status, by_value=True, load_default=None)


class Push(Body):
    """Body of ``POST /logistics/webhooks/{carrier}``."""

    event_id = fields.String(required=True, validate=validate.Length(1, 128))
    waybill = fields.String(required=True, validate=_waybill)
    state = fields.Enum(Sighting, by_value=True, required=True)
    place = fields.String(required=True, validate=validate.Length(max=200))
    at = Instant(required=True)


class PushAnswer(Answer):
    """Whether the push told something new."""

    new = fields.Boolean()


class See(Body):
    """Body of ``POST /dev/simulators/carriers/{carrier}``: where the pretend carrier sees it."""

    waybill = fields.String(required=True, validate=_waybill)
    state = fields.Enum(Sighting, by_value=True, required=True)
    place = fields.String(load_default="", validate=validate.Length(max=200))


class LineAnswer(Answer):
    """A line of a shipment, and what became of its units."""

    line_id = Id()
    sku_id = Id()
    quantity = fields.Integer()
    shipped = fields.Integer()
    cancelled = fields.Integer()


class TraceAnswer(Answer):
    """Where a parcel was seen, and when."""

    state = fields.String()
    place = fields.String()
    at = Instant()


class PackedLineAnswer(Answer):
    """So many units of a line in a parcel."""

    line_id = Id()
    sku_id = Id()
    quantity = fields.Integer()


class ParcelAnswer(Answer):
    """A parcel and where it was seen, the earliest first."""

    id = Id()
    shipment_id = Id()
    state = fields.String()
    carrier = fields.String(allow_none=True)
    waybill = fields.String(allow_none=True)
    lines = fields.List(fields.Nested(PackedLineAnswer))
    traces = fields.List(fields.Nested(TraceAnswer))


class DestinationAnswer(Answer):
    """Who gets it and where."""

    recipient = fields.String()
    phone = fields.String()
    address = fields.String()


class ShipmentAnswer(Answer):
    """One merchant's goods of an order, from one warehouse, and the parcels they leave in."""

    id = Id()
    order_id = Id()
    merchant_id = Id()
    warehouse_id = Id()
    status = fields.String()
    lines = fields.List(fields.Nested(LineAnswer))
    parcels = fields.List(fields.Nested(ParcelAnswer))
    destination = fields.Nested(DestinationAnswer, allow_none=True)


class ShipmentList(Answer):
    """An order's shipments."""

    items = fields.List(fields.Nested(ShipmentAnswer))
    next_cursor = fields.String(allow_none=True)
