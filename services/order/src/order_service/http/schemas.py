"""The bodies of order's routes about orders."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.http.fields import Answer, Body, Id, Instant, MoneyField, StrictInteger
from chassis.http.paging import PageQuery
from order_service.domain.claim import Condition
from order_service.domain.status import Status
from shop_events.contracts.order import PaymentMethod


class PlaceOrder(Body):
    """Body of ``POST /orders``. No price: what an order costs comes from its quote alone."""

    quote_id = Id(required=True)
    payment_method = fields.Enum(PaymentMethod, by_value=True, required=True)
    note = fields.String(load_default=None, validate=validate.Length(max=500))
    accept_changes = fields.List(
        fields.String(validate=validate.Length(1, 160)),
        load_default=list,
        validate=validate.Length(max=101),
        metadata={"description": "The ids of the changes that a 409 quote_changed named."},
    )


class CountedLine(Body):
    """So many units of a line arrived in this condition; a line may be named for each of them."""

    order_line_id = fields.String(required=True, validate=validate.Length(1, 8))
    received = StrictInteger(required=True, validate=validate.Range(0, 9_999))
    condition = fields.Enum(Condition, by_value=True, load_default=Condition.GOOD)


class ConfirmReceipt(Body):
    """Body of ``POST /orders/{id}/confirm-receipt``; without a parcel: all delivered ones.

    What is not in ``lines`` arrived whole and good.
    """

    parcel_id = Id(load_default=None)
    lines = fields.List(
        fields.Nested(CountedLine), load_default=list, validate=validate.Length(max=200)
    )


class OptionAnswer(Answer):
    """One choice that makes a SKU what it is."""

    name = fields.String()
    value = fields.String()


class LineAnswer(Answer):
    """An order's line with its frozen allocation."""

    line_id = fields.String()
    sku_id = Id()
    merchant_id = Id()
    product_id = fields.String(allow_none=True)
    name = fields.String()
    options = fields.List(fields.Nested(OptionAnswer))
    image = fields.String(allow_none=True)
    quantity = fields.Integer()
    unit_price = MoneyField()
    discount_share = MoneyField()
    payable = MoneyField()
    cancelled = fields.Integer()
    received = fields.Integer()


class ParcelAnswer(Answer):
    """A parcel of an order. ``receive_at``: when it counts as received by itself."""

    id = Id()
    state = fields.String()
    carrier = fields.String(allow_none=True)
    waybill = fields.String(allow_none=True)
    receive_at = Instant(allow_none=True)


class ClaimAnswer(Answer):
    """Units that arrived damaged, or not at all."""

    parcel_id = fields.String()
    order_line_id = fields.String()
    kind = fields.String()
    quantity = fields.Integer()


class OrderAnswer(Answer):
    """An order as its buyer sees it."""

    id = Id()
    number = fields.String()
    status = fields.String(validate=validate.OneOf([status.value for status in Status]))
    cancel_reason = fields.String(allow_none=True)
    payment_method = fields.String()
    delivery_method = fields.String()
    promise_days = fields.Integer(allow_none=True)
    lines = fields.List(fields.Nested(LineAnswer))
    shipping = MoneyField()
    total = MoneyField()
    refunded = MoneyField()
    parcels = fields.List(fields.Nested(ParcelAnswer))
    claims = fields.List(fields.Nested(ClaimAnswer))
    placed_at = Instant()
    pay_by = Instant()


class DestinationAnswer(Answer):
    """To whom an order goes."""

    recipient = fields.String()
    phone = fields.String()
    division_code = fields.String()
    address = fields.String()


class OrderDetail(OrderAnswer):
    """An order's own page: besides, to whom it goes, and why it costs what it costs."""

    destination = fields.Nested(DestinationAnswer)
    note = fields.String(allow_none=True)
    explanation = fields.Dict(allow_none=True)
    accepted_changes = fields.List(fields.Dict())


class OrderPage(Answer):
    """A page of a buyer's orders, the newest first; ``counts`` of all of them by status."""

    items = fields.List(fields.Nested(OrderAnswer))
    next_cursor = fields.String(allow_none=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())


class OrdersQuery(PageQuery):
    """What may stand behind ``GET /orders?``."""

    status = fields.Enum(Status, by_value=True, load_default=None)
    q = fields.String(load_default=None, validate=validate.Length(1, 60))


class HappeningAnswer(Answer):
    """One thing that happened to an order."""

    kind = fields.String()
    at = Instant()
    text = fields.String()
    params = fields.Dict(keys=fields.String(), values=fields.String())
    trace_id = fields.String()


class TimelineAnswer(Answer):
    """All that happened to an order, in the order in which it happened."""

    items = fields.List(fields.Nested(HappeningAnswer))


class MerchantOrderAnswer(Answer):
    """An order as a merchant sees it: his own lines, and nothing about the buyer."""

    id = Id()
    number = fields.String()
    status = fields.String()
    payment_method = fields.String()
    delivery_method = fields.String()
    lines = fields.List(fields.Nested(LineAnswer))
    shipping = MoneyField()
    payable = MoneyField()
    placed_at = Instant()


class MerchantOrderPage(Answer):
    """A page of a merchant's orders, the newest first."""

    items = fields.List(fields.Nested(MerchantOrderAnswer))
    next_cursor = fields.String(allow_none=True)
