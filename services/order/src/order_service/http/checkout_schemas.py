"""The bodies of ``/checkout/quotes``."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from chassis.http.fields import Answer, Body, Id, Instant, MoneyField, Quantity, Query
from order_service.domain.districts import is_district
from order_service.http.schemas import OptionAnswer

LINES_AT_MOST = 50
# The provinces of GB/T 2260.
_PROVINCE = "(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])"
_DIVISION = validate.Regexp(
    _PROVINCE + r"[0-9]{0,10}\Z",
    error="A division code begins with the two digits of a province, and has 2 to 12 digits.",
)
_DISTRICT = validate.Regexp(
    _PROVINCE + r"[0-9]{4,10}\Z",
    error="A parcel goes to a district, whose code begins with its province's and has 6 to 12 "
    "digits.",
)


def _there_is(division_code: str) -> None:
    """Whoever orders is told before paying that no parcel can go there (FEATURES 41)."""
    if not is_district(division_code):
        raise ValidationError("This is no district of the division table (GB/T 2260).")


# 15 digits at most: ITU-T E.164.
_PHONE = validate.Regexp(
    r"\+?[0-9]([ -]?[0-9]){4,14}\Z", error="A phone number has 5 to 15 digits."
)


class WantedLine(Body):
    """So many of a SKU. No price: what it costs is the shop's to say."""

    sku_id = Id(required=True)
    quantity = Quantity(required=True, at_most=99)


class Address(Body):
    """Where the goods go, as in the address book."""

    recipient = fields.String(required=True, validate=validate.Length(1, 100))
    phone = fields.String(required=True, validate=_PHONE)
    country = fields.String(load_default="CN", validate=validate.OneOf(["CN"]))
    division_code = fields.String(required=True, validate=[_DISTRICT, _there_is])
    line1 = fields.String(required=True, validate=validate.Length(1, 200))
    postal_code = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(r"[0-9A-Za-z -]{3,12}\Z", error="This is no postal code."),
    )

    @validates_schema
    def says_something(self, given: dict[str, Any], **_options: Any) -> None:
        """Blanks are no name and no street."""
        blank = [name for name in ("recipient", "line1") if not given[name].strip()]
        if blank:
            raise ValidationError({name: ["Not blank."] for name in blank})


class AskForQuote(Body):
    """Body of ``POST /checkout/quotes``: an address makes it binding, a division an estimate.

    ``coupon_codes`` are ids of one's own coupons; without them the best of each merchant counts,
    with an empty list none.
    """

    lines = fields.List(
        fields.Nested(WantedLine), required=True, validate=validate.Length(1, LINES_AT_MOST)
    )
    address = fields.Nested(Address, load_default=None)
    division_code = fields.String(load_default=None, validate=_DIVISION)
    delivery_method = fields.String(
        load_default=None,
        validate=validate.Regexp(r"[A-Za-z0-9_-]{1,32}\Z", error="This is no delivery method."),
    )
    coupon_codes = fields.List(Id(), load_default=None, validate=validate.Length(max=20))

    @validates_schema
    def one_place(self, given: dict[str, Any], **_options: Any) -> None:
        """Either of the two says where it goes; a coupon is named once."""
        if (given["address"] is None) is (given["division_code"] is None):
            raise ValidationError({"address": ["An address, or a division_code: one of them."]})
        codes = given["coupon_codes"] or ()
        if len(set(codes)) < len(codes):
            raise ValidationError({"coupon_codes": ["Each coupon once."]})


class QuoteLineAnswer(Answer):
    """A line of a quote with its part of the discount."""

    sku_id = Id()
    merchant_id = Id()
    title = fields.String()
    options = fields.List(fields.Nested(OptionAnswer))
    image = fields.String(allow_none=True)
    unit_price = MoneyField()
    quantity = fields.Integer()
    discount_share = MoneyField()
    payable = MoneyField()


class DiscountAnswer(Answer):
    """What one coupon takes off."""

    coupon_id = fields.String()
    promotion_id = fields.String()
    merchant_id = fields.String(allow_none=True)
    title = fields.String()
    amount = MoneyField()


class MissedAnswer(Answer):
    """A coupon that does not count, and why."""

    coupon_id = fields.String()
    code = fields.String()
    why = fields.String()


class FreightAnswer(Answer):
    """What a merchant's parcel costs."""

    merchant_id = fields.String()
    amount = MoneyField()


class ShippingAnswer(Answer):
    """What shipping costs, and how that comes about."""

    total = MoneyField()
    merchants = fields.List(fields.Nested(FreightAnswer))


class DeliveryOptionAnswer(Answer):
    """A way to get all of the goods; ``days`` at most, from shipping."""

    code = fields.String()
    price = MoneyField()
    days = fields.Integer()
    traceable = fields.Boolean()
    cash_on_delivery = fields.Boolean()
    pick_up = fields.Boolean()


class PaymentMethodAnswer(Answer):
    """A way to pay and what `POST /payments` needs for it, or why it is none.

    ``offered`` is null where no quote says yet how the goods come.
    """

    method = fields.String()
    online = fields.Boolean()
    needs = fields.List(fields.String())
    offered = fields.Boolean(allow_none=True)
    why = fields.String()


class WaysToPayQuery(Query):
    """What may stand behind ``GET /payments/methods?``."""

    quote_id = Id(load_default=None)


class WaysToPay(Answer):
    """The ways to pay."""

    items = fields.List(fields.Nested(PaymentMethodAnswer))


class ChangeAnswer(Answer):
    """What is not as it was when the quote was made; ``id`` is what ``accept_changes`` takes."""

    id = fields.String()
    kind = fields.String()
    about = fields.String()
    was = fields.String()
    now = fields.String()
    acceptable = fields.Boolean()


class TaxAnswer(Answer):
    """Prices include tax; what of them is tax comes later."""

    included = fields.Boolean()
    lines = fields.List(fields.Dict())


class CheckoutQuoteAnswer(Answer):
    """What the goods cost, for ten minutes; ``binding``: it can be ordered."""

    id = Id()
    binding = fields.Boolean()
    lines = fields.List(fields.Nested(QuoteLineAnswer))
    discounts = fields.List(fields.Nested(DiscountAnswer))
    missed = fields.List(fields.Nested(MissedAnswer))
    goods = MoneyField()
    discount = MoneyField()
    shipping = fields.Nested(ShippingAnswer)
    delivery_method = fields.String()
    delivery_options = fields.List(fields.Nested(DeliveryOptionAnswer))
    payment_methods = fields.List(fields.Nested(PaymentMethodAnswer))
    tax = fields.Nested(TaxAnswer)
    total = MoneyField()
    changes = fields.List(fields.Nested(ChangeAnswer))
    expires_at = Instant()


class ExplanationAnswer(Answer):
    """A quote's price taken apart: each rule that was tried, each line, its units, the odd fen."""

    quote_id = fields.String()
    rules = fields.List(fields.Dict())
    lines = fields.List(fields.Dict())
    freights = fields.List(fields.Nested(FreightAnswer))
    goods = MoneyField()
    discount = MoneyField()
    shipping = MoneyField()
    total = MoneyField()
