"""The bodies of order's development routes: quotes as they are given, prices included."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from chassis.http.fields import Answer, Body, Id, Instant, MoneyField, Quantity
from shop_events.values import LARGEST_MINOR, Money


def _must_not_be_negative(amount: Money) -> None:
    if amount.minor < 0:
        raise ValidationError("Not below zero.")


class Price(MoneyField):
    """An amount of zero or more."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=_must_not_be_negative, **options)


class GivenLine(Body):
    """A line of a given quote."""

    sku_id = Id(required=True)
    merchant_id = Id(required=True)
    name = fields.String(required=True, validate=validate.Length(1, 200))
    quantity = Quantity(required=True)
    unit_price = Price(required=True)


class GivenDestination(Body):
    """Where the parcels of a given quote go."""

    recipient = fields.String(required=True, validate=validate.Length(1, 100))
    phone = fields.String(required=True, validate=validate.Length(3, 32))
    division_code = fields.String(required=True, validate=validate.Length(1, 12))
    address = fields.String(required=True, validate=validate.Length(1, 300))


class GiveQuote(Body):
    """Body of ``POST /dev/quotes``. All amounts are in the currency of the first line."""

    lines = fields.List(
        fields.Nested(GivenLine), required=True, validate=validate.Length(min=1, max=200)
    )
    discount = Price(required=True)
    shipping = Price(required=True)
    delivery_method = fields.String(required=True, validate=validate.Length(1, 32))
    destination = fields.Nested(GivenDestination, required=True)

    @validates_schema
    def amounts_agree(self, given: dict[str, Any], **_options: Any) -> None:
        """One currency, and not more than `Money` holds."""
        prices = [line["unit_price"] for line in given["lines"]]
        currency, other = prices[0].currency, [f"Not in {prices[0].currency}, as the first line."]
        wrong: dict[str, Any] = {
            name: other for name in ("discount", "shipping") if given[name].currency != currency
        }
        if any(price.currency != currency for price in prices):
            wrong["lines"] = {
                place: {"unit_price": other}
                for place, price in enumerate(prices)
                if price.currency != currency
            }
        elif _total_minor(given) > LARGEST_MINOR:
            wrong["lines"] = ["Together they cost more than an order may."]
        if wrong:
            raise ValidationError(wrong)


class QuoteAnswer(Answer):
    """A quote that may be ordered."""

    id = Id()
    total = MoneyField()
    expires_at = Instant()


def _total_minor(given: dict[str, Any]) -> int:
    goods = sum(int(line["unit_price"].minor) * int(line["quantity"]) for line in given["lines"])
    return goods + int(given["shipping"].minor)
