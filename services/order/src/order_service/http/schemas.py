"""The bodies of order's routes."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.http.fields import Answer, Body, Id, Instant, MoneyField, Quantity
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


class GivenLine(Body):
    """A line of a given quote."""

    sku_id = Id(required=True)
    merchant_id = Id(required=True)
    name = fields.String(required=True, validate=validate.Length(1, 200))
    quantity = Quantity(required=True)
    unit_price = MoneyField(required=True)


class GivenDestination(Body):
    """Where the parcels of a given quote go."""

    recipient = fields.String(required=True, validate=validate.Length(1, 100))
    phone = fields.String(required=True, validate=validate.Length(3, 32))
    division_code = fields.String(required=True, validate=validate.Length(1, 12))
    address = fields.String(required=True, validate=validate.Length(1, 300))


class GiveQuote(Body):
    """Body of ``POST /dev/quotes``: a quote as it is, prices included. Development only."""

    lines = fields.List(
        fields.Nested(GivenLine), required=True, validate=validate.Length(min=1, max=200)
    )
    discount = MoneyField(required=True)
    shipping = MoneyField(required=True)
    delivery_method = fields.String(required=True, validate=validate.Length(1, 32))
    destination = fields.Nested(GivenDestination, required=True)


class QuoteAnswer(Answer):
    """A quote that may be ordered."""

    id = Id()
    total = MoneyField()
    expires_at = Instant()


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
