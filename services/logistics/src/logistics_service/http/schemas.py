"""The bodies of logistics' routes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from chassis.http.fields import Answer, Body, Id, Instant, Quantity, Query, StrictInteger
from chassis.http.paging import PageQuery
from logistics_service.domain.fulfilment import Status
from logistics_service.domain.stock import MovementType
from logistics_service.domain.trace import Sighting
from logistics_service.outside.journeys import Journey, Trouble
from logistics_service.usecases.hand_over import Outcome

_BY_HAND = (MovementType.RECEIVED.value, MovementType.ADJUSTED.value)
_MOST_AT_ONCE = 1_000_000

waybill_of_somebody = validate.Regexp(r"[A-Za-z0-9-]{1,64}\Z", error="This is no waybill.")
_carrier = validate.Regexp(r"[a-z][a-z0-9_]{0,31}\Z", error="This is no carrier.")
_code = validate.Regexp(r"[0-9]{6}\Z", error="A code has six digits.")
_MOST_IN_A_BATCH = 50


class MoveStock(Body):
    """Body of ``POST /stock/{sku_id}/movements``; to adjust, ``quantity`` may be below zero."""

    type = fields.String(required=True, validate=validate.OneOf(_BY_HAND))
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
    """Body of ``POST /shipments/{id}/ship``.

    Without a waybill one is drawn from the carrier; without a carrier the waybill's prefix tells
    it. Post and the merchant's own delivery need neither.
    """

    carrier = fields.String(load_default=None, validate=_carrier)
    waybill = fields.String(load_default=None, validate=waybill_of_somebody)


class ShipMany(Body):
    """Body of ``POST /merchant/shipments/ship``: each is shipped, or says why not."""

    shipments = fields.List(
        Id(), required=True, validate=validate.Length(min=1, max=_MOST_IN_A_BATCH)
    )
    carrier = fields.String(load_default=None, validate=_carrier)


class HandOver(Body):
    """Body of ``POST /shipments/{id}/hand-over``; ``code`` is what the buyer showed."""

    code = fields.String(load_default=None, validate=_code)
    outcome = fields.Enum(Outcome, by_value=True, load_default=Outcome.DELIVERED)


class CorrectWaybill(Body):
    """Body of ``PATCH /shipments/{parcel_id}/waybill``."""

    waybill = fields.String(required=True, validate=waybill_of_somebody)
    carrier = fields.String(load_default=None, validate=_carrier)


class ShipmentsQuery(Query):
    """What must stand behind ``GET /shipments?``."""

    order_id = Id(required=True)


class WorkQuery(PageQuery):
    """What may stand behind ``GET /merchant/shipments?``."""

    status = fields.Enum(Status, by_value=True, load_default=None)
    carrier = fields.String(load_default=None, validate=_carrier)
    q = Id(load_default=None)  # an order's number, a waybill, or a SKU


class StockQuery(PageQuery):
    """What may stand behind ``GET /stock?``."""

    low = fields.Boolean(load_default=False)


class SetSafety(Body):
    """Body of ``PATCH /stock/{sku_id}``: how many units are kept back."""

    safety = StrictInteger(required=True, validate=validate.Range(0, _MOST_AT_ONCE))


class PushAnswer(Answer):
    """Whether the push told something new."""

    new = fields.Boolean()


class See(Body):
    """Body of ``POST /dev/simulators/carriers/{carrier}``.

    Either ``state``: where the pretend carrier sees it now; or ``journey``: how far it takes it,
    and with ``trouble`` how badly it tells of it.
    """

    waybill = fields.String(required=True, validate=waybill_of_somebody)
    state = fields.Enum(Sighting, by_value=True, load_default=None)
    place = fields.String(load_default="", validate=validate.Length(max=200))
    journey = fields.Enum(Journey, by_value=True, load_default=None)
    trouble = fields.Enum(Trouble, by_value=True, load_default=Trouble.NONE)

    @validates_schema
    def _one_of_the_two(self, body: Mapping[str, Any], **_: Any) -> None:
        if (body.get("state") is None) is (body.get("journey") is None):
            raise ValidationError({"journey": ["Either a journey or a state."]})


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
    note = fields.String(allow_none=True)
    place = fields.String()
    at = Instant()
    sentence = fields.Dict(keys=fields.String(), values=fields.String())


class SignatureAnswer(Answer):
    """Who signed, and what proves it; to the buyer alone."""

    signer = fields.String(allow_none=True)
    proof = fields.String(allow_none=True)
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
    pick_up_code = fields.String(allow_none=True)
    signed = fields.Nested(SignatureAnswer, allow_none=True)
    lines = fields.List(fields.Nested(PackedLineAnswer))
    traces = fields.List(fields.Nested(TraceAnswer))


class DestinationAnswer(Answer):
    """Who gets it and where; masked for whoever does not pack or send it now."""

    recipient = fields.String()
    phone = fields.String()
    address = fields.String()


class ShipmentAnswer(Answer):
    """One merchant's goods of an order, from one warehouse, and the parcels they leave in."""

    id = Id()
    order_id = Id()
    number = fields.String(allow_none=True)
    delivery_method = fields.String(allow_none=True)
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


class WorkList(ShipmentList):
    """A merchant's shipments, and how many lie in each heap."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer())


class ProblemAnswer(Answer):
    """Why a shipment of a batch was not shipped."""

    status = fields.Integer()
    code = fields.String()
    detail = fields.String()


class ShippedAnswer(Answer):
    """What became of one shipment of a batch: a parcel, or a problem."""

    shipment_id = Id()
    parcel = fields.Nested(ParcelAnswer, allow_none=True)
    problem = fields.Nested(ProblemAnswer, allow_none=True)


class ShippedList(Answer):
    """What became of each shipment of a batch, in the order in which they were named."""

    items = fields.List(fields.Nested(ShippedAnswer))


class StockList(Answer):
    """A merchant's stock by SKU."""

    items = fields.List(fields.Nested(StockAnswer))
    next_cursor = fields.String(allow_none=True)


class ProofAnswer(Answer):
    """One night's proof of the stock ledger; without ``finished_at`` it is not through yet."""

    night = fields.String()
    checked = fields.Integer()
    wrong = fields.Integer()
    started_at = Instant()
    finished_at = Instant(allow_none=True)


class ProofList(Answer):
    """The last proofs, the newest first."""

    items = fields.List(fields.Nested(ProofAnswer))
