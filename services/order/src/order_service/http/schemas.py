"""The bodies of order's routes."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.http.fields import Answer, Body, Id, Instant, MoneyField
from chassis.http.paging import PageQuery
from shop_events.contracts.order import PaymentMethod


class PlaceOrder(Body):
    """Body of ``POST /orders``. No price: what an order costs comes from its quote alone."""

    quote_id = Id(required=True)
    payment_method = fields.Enum(PaymentMethod, by_value=True, required=True)
    note = fields.String(load_default=None, validate=validate.Length(max=500))


class ConfirmReceipt(Body):
    """Body of ``POST /orders/{id}/confirm-receipt``; without a parcel: all delivered ones."""

    parcel_id = Id(load_default=None)


class LineAnswer(Answer):
    """An order's line with its frozen allocation."""

    line_id = fields.String()
    sku_id = Id()
    merchant_id = Id()
    name = fields.String()
    quantity = fields.Integer()
    unit_price = MoneyField()
    discount_share = MoneyField()
    payable = MoneyField()
    cancelled = fields.Integer()
    received = fields.Integer()


class ParcelAnswer(Answer):
    """A parcel of an order."""

    id = Id()
    state = fields.String()
    carrier = fields.String(allow_none=True)
    waybill = fields.String(allow_none=True)


class OrderAnswer(Answer):
    """An order as its buyer sees it."""

    id = Id()
    number = fields.String()
    status = fields.String()
    cancel_reason = fields.String(allow_none=True)
    payment_method = fields.String()
    lines = fields.List(fields.Nested(LineAnswer))
    shipping = MoneyField()
    total = MoneyField()
    refunded = MoneyField()
    parcels = fields.List(fields.Nested(ParcelAnswer))
    placed_at = Instant()
    pay_by = Instant()


class OrderPage(Answer):
    """A page of a buyer's orders, the newest first."""

    items = fields.List(fields.Nested(OrderAnswer))
    next_cursor = fields.String(allow_none=True)


class OrdersQuery(PageQuery):
    """What may stand behind ``GET /orders?``."""
