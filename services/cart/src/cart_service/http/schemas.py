"""The bodies of cart's routes."""

from __future__ import annotations

from marshmallow import fields, validate

from cart_service.domain.cart import Merging
from cart_service.domain.goods import Band
from cart_service.domain.line import Change, Why
from cart_service.domain.owner import LONGEST_TOKEN
from chassis.http.fields import Answer, Body, Id, MoneyField, Quantity, Query, StrictBoolean


class CartHeaders(Query):
    """What opens a guest's cart. Without a token, or with one that opens none: an empty cart."""

    token = fields.String(
        data_key="X-Cart-Token",
        load_default=None,
        metadata={"description": "Opens a guest's cart; of no meaning to somebody signed in."},
    )


class AddLine(Body):
    """Body of ``POST /cart/lines``. No price: it comes from the catalogue alone."""

    sku_id = Id(required=True)
    quantity = Quantity(required=True)


class ChangeLine(Body):
    """Body of ``PATCH /cart/lines/{id}``; what is not named stays as it is."""

    quantity = Quantity()
    sku_id = Id()
    selected = StrictBoolean()


class Merge(Body):
    """Body of ``POST /cart/merge``."""

    cart_token = fields.String(required=True, validate=validate.Length(1, LONGEST_TOKEN))
    strategy = fields.Enum(Merging, by_value=True, load_default=Merging.SUM)


class OptionAnswer(Answer):
    """One choice that makes a SKU what it is."""

    name = fields.String(required=True)
    value = fields.String(required=True)


class LineAnswer(Answer):
    """A line with what its SKU is and costs now."""

    id = Id(required=True)
    sku_id = Id(required=True)
    product_id = fields.String(required=True)
    merchant_id = fields.String(required=True)
    title = fields.String(required=True)
    options = fields.List(fields.Nested(OptionAnswer), required=True)
    image = fields.String(required=True, allow_none=True)
    quantity = fields.Integer(required=True)
    selected = fields.Boolean(required=True)
    price_seen = MoneyField(required=True)
    price = MoneyField(required=True)
    changed = fields.List(fields.String(validate=validate.OneOf(list(Change))), required=True)
    available = fields.String(validate=validate.OneOf(list(Band)), required=True)
    line_total = MoneyField(
        required=True, allow_none=True, metadata={"description": "null: cannot be bought now"}
    )


class NoticeAnswer(Answer):
    """Why somebody did not get what they wanted."""

    code = fields.String(validate=validate.OneOf(list(Why)), required=True)
    sku_id = Id(required=True)
    wanted = fields.Integer(required=True)
    given = fields.Integer(required=True)


class CartAnswer(Answer):
    """A cart as its owner sees it. ``token`` is there in the answer that began a guest's cart."""

    id = fields.String(required=True, allow_none=True, metadata={"description": "null: no cart"})
    token = fields.String(metadata={"description": "shown once; send it as X-Cart-Token"})
    lines = fields.List(fields.Nested(LineAnswer), required=True)
    subtotal = MoneyField(
        required=True,
        allow_none=True,
        metadata={"description": "null: no line, or several currencies among the ticked ones"},
    )
    subtotals = fields.List(MoneyField(), required=True)
    notices = fields.List(fields.Nested(NoticeAnswer), required=True)
