"""The bodies of aftersales' routes."""

from __future__ import annotations

from marshmallow import fields

from chassis.http.fields import Answer, Id, Instant, Query


class EligibleQuery(Query):
    """What stands behind ``GET /aftersales/eligible?``."""

    order_id = Id(required=True)


class EligibleLine(Answer):
    """A line, and how many units of it may still be sent back."""

    order_line_id = fields.String(required=True)
    sku_id = Id(required=True)
    merchant_id = fields.String(required=True)
    ordered = fields.Integer(required=True)
    delivered = fields.Integer(required=True)
    received = fields.Integer(required=True)
    returnable = fields.Integer(required=True)


class EligibleAnswer(Answer):
    """What of an order may be sent back, and until when."""

    order_id = Id(required=True)
    until = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "null: nothing was received yet, or the order is over"},
    )
    lines = fields.List(fields.Nested(EligibleLine), required=True)
