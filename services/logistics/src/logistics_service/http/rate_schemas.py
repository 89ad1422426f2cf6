"""The bodies of the routes for delivery rates."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields, validate

from chassis.http.fields import Answer, Body, Id, MoneyField, Query, StrictBoolean, StrictInteger
from logistics_service.domain.rates import (
    HEAVIEST_G,
    LARGEST_CM3,
    LARGEST_DIVISOR,
    MOST_PIECES,
    MOST_PREFIXES,
    Option,
    Rates,
    Zone,
)
from logistics_service.domain.way import MethodCode

MOST_ZONES: Final = 40
LONGEST_DAYS: Final = 90

_prefix = validate.Regexp(r"[0-9]{2,12}\Z", error="This is no prefix of a division code.")
_division = validate.Regexp(r"[0-9]{6,12}\Z", error="This is no division code.")
_weight = validate.Range(0, HEAVIEST_G)
_step = validate.Range(1, HEAVIEST_G)
_pieces = validate.Range(1, MOST_PIECES)


class ZoneField(Body):
    """What a method costs in one region; without ``divisions``: everywhere else.

    By weight with ``first_g`` and ``step_g``, by piece with ``first_pieces`` and ``step_pieces``.
    """

    divisions = fields.List(
        fields.String(validate=_prefix), required=True, validate=validate.Length(max=MOST_PREFIXES)
    )
    first_g = StrictInteger(load_default=None, allow_none=True, validate=_weight)
    step_g = StrictInteger(load_default=None, allow_none=True, validate=_step)
    first_pieces = StrictInteger(load_default=None, allow_none=True, validate=_pieces)
    step_pieces = StrictInteger(load_default=None, allow_none=True, validate=_pieces)
    first = MoneyField(required=True)
    step = MoneyField(required=True)
    free_over = MoneyField(load_default=None, allow_none=True)


class MethodField(Body):
    """One way to get the goods to the buyer.

    ``volume_divisor``: how many cm3 count as a kilogram, 6000 for example; without it, or null,
    volume does not count.
    """

    code = fields.Enum(MethodCode, by_value=True, required=True)
    zones = fields.List(
        fields.Nested(ZoneField), required=True, validate=validate.Length(1, MOST_ZONES)
    )
    days = StrictInteger(required=True, validate=validate.Range(0, LONGEST_DAYS))
    traceable = StrictBoolean(required=True)
    cash_on_delivery = StrictBoolean(required=True)
    volume_divisor = StrictInteger(
        load_default=None, allow_none=True, validate=validate.Range(1, LARGEST_DIVISOR)
    )


class PutRates(Body):
    """Body of ``PUT /merchant/delivery-rates``: all methods there are from now on."""

    methods = fields.List(
        fields.Nested(MethodField), required=True, validate=validate.Length(1, len(MethodCode))
    )


class OptionsQuery(Query):
    """What stands behind ``GET /logistics/delivery-options?``."""

    division_code = fields.String(required=True, validate=_division)
    weight_g = fields.Integer(required=True, validate=_weight)
    volume_cm3 = fields.Integer(load_default=0, validate=validate.Range(0, LARGEST_CM3))
    pieces = fields.Integer(load_default=1, validate=_pieces)
    merchant_id = Id(load_default=None)
    amount = fields.String(load_default=None)  # of the goods, after discounts, in yuan


class ZoneAnswer(Answer):
    """What a method costs in one region: by weight or by piece, what is not counted is null."""

    divisions = fields.List(fields.String())
    first_g = fields.Integer(allow_none=True)
    step_g = fields.Integer(allow_none=True)
    first_pieces = fields.Integer(allow_none=True)
    step_pieces = fields.Integer(allow_none=True)
    first = MoneyField()
    step = MoneyField()
    free_over = MoneyField(allow_none=True)


class MethodAnswer(Answer):
    """One way to get the goods to the buyer."""

    code = fields.String()
    zones = fields.List(fields.Nested(ZoneAnswer))
    days = fields.Integer()
    traceable = fields.Boolean()
    cash_on_delivery = fields.Boolean()
    pick_up = fields.Boolean()
    volume_divisor = fields.Integer(allow_none=True)


class RatesAnswer(Answer):
    """All methods of a merchant, or the default ones."""

    rates_id = Id()
    version = fields.Integer()
    methods = fields.List(fields.Nested(MethodAnswer))


class OptionAnswer(Answer):
    """A method that delivers there, and what it costs; ``days`` is the most it takes."""

    code = fields.String()
    price = MoneyField()
    free_over = MoneyField(allow_none=True)
    days = fields.Integer()
    traceable = fields.Boolean()
    cash_on_delivery = fields.Boolean()
    pick_up = fields.Boolean()


class OptionList(Answer):
    """Every method that delivers there."""

    items = fields.List(fields.Nested(OptionAnswer))


def rates_view(rates: Rates) -> dict[str, Any]:
    """Rates, see `RatesAnswer`."""
    return {
        "rates_id": rates.rates_id,
        "version": rates.version,
        "methods": [
            {
                "code": method.code,
                "zones": [_zone_view(zone) for zone in method.zones],
                "days": method.days,
                "traceable": method.traceable,
                "cash_on_delivery": method.cash_on_delivery,
                "pick_up": method.pick_up,
                "volume_divisor": method.volume_divisor,
            }
            for method in rates.methods
        ],
    }


def option_view(option: Option) -> dict[str, Any]:
    """A way to have goods delivered, see `OptionAnswer`."""
    return {
        "code": option.method.code,
        "price": option.price,
        "free_over": option.zone.free_over,
        "days": option.method.days,
        "traceable": option.method.traceable,
        "cash_on_delivery": option.method.cash_on_delivery,
        "pick_up": option.method.pick_up,
    }


def _zone_view(zone: Zone) -> dict[str, Any]:
    return {
        "divisions": list(zone.divisions),
        "first_g": zone.first_g,
        "step_g": zone.step_g,
        "first_pieces": zone.first_pieces,
        "step_pieces": zone.step_pieces,
        "first": zone.first,
        "step": zone.step,
        "free_over": zone.free_over,
    }
