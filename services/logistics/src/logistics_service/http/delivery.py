"""Routes for delivery rates, and for what a delivery would cost."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from chassis.http import Blueprint
from chassis.identity import Role
from chassis.problems import Problem
from chassis.requests import asked_with, begin, current_identity, read
from chassis.routes import Header, anyone, needs, publishes, who
from logistics_service.domain.rates import DEFAULT, Load, Method, Rates, Zone
from logistics_service.http import rate_schemas as schemas
from logistics_service.usecases.change_rates import change_rates, read_options, read_rates
from shop_events.contracts.logistics import DeliveryRatesChanged
from shop_events.values import Money, NotMoney

delivery = Blueprint("delivery", __name__)

CURRENCY: Final = "CNY"


@delivery.get("/logistics/delivery-options")
@anyone
@delivery.arguments(schemas.OptionsQuery, location="query")
@delivery.response(200, schemas.OptionList)
def get_options(query: dict[str, Any]) -> ResponseReturnValue:
    """How so many goods can be delivered there, for how much and in how many days.

    With ``merchant_id`` by that merchant's rates; ``pieces`` are its units, one unless told.
    ``weight_g`` and ``volume_cm3`` are of all goods together.
    ``amount`` says what they cost after discounts, from some of which a delivery is free.
    """
    load = Load(
        weight_g=query["weight_g"],
        volume_cm3=query["volume_cm3"],
        pieces=query["pieces"],
        goods=_amount(query["amount"]),
    )
    with read() as connection:
        found = read_options(
            connection, query["division_code"], load, merchant_id=query["merchant_id"]
        )
    return jsonify({"items": [schemas.option_view(one) for one in found]})


@delivery.get("/merchant/delivery-rates")
@who(Role.MERCHANT)
@delivery.response(200, schemas.RatesAnswer)
def get_own_rates() -> ResponseReturnValue:
    """My delivery rates; version 0: I have none, and the default ones count."""
    return _shown(current_identity().merchant_id or "")


@delivery.put("/merchant/delivery-rates")
@who(Role.MERCHANT)
@needs(Header.UNCHANGED)
@publishes(DeliveryRatesChanged)
@delivery.arguments(schemas.PutRates)
@delivery.response(200, schemas.RatesAnswer)
def put_own_rates(body: dict[str, Any]) -> ResponseReturnValue:
    """Replace my delivery rates; ``If-Match`` names the version that I have seen."""
    return _changed(current_identity().merchant_id or "", body)


@delivery.get("/admin/delivery-rates")
@who(Role.ADMIN)
@delivery.response(200, schemas.RatesAnswer)
def get_default_rates() -> ResponseReturnValue:
    """The rates of all merchants who have none of their own."""
    return _shown(DEFAULT)


@delivery.put("/admin/delivery-rates")
@who(Role.ADMIN)
@needs(Header.UNCHANGED)
@publishes(DeliveryRatesChanged)
@delivery.arguments(schemas.PutRates)
@delivery.response(200, schemas.RatesAnswer)
def put_default_rates(body: dict[str, Any]) -> ResponseReturnValue:
    """Replace the default rates; ``If-Match`` names the version that I have seen."""
    return _changed(DEFAULT, body)


def _shown(rates_id: str) -> Response:
    with read() as connection:
        return _answer(read_rates(connection, rates_id))


def _changed(rates_id: str, body: dict[str, Any]) -> Response:
    if asked_with(Header.UNCHANGED) is None:
        words = "Read the rates first and send their ETag as If-Match."
        raise Problem(428, "precondition_required", words)  # RFC 6585 section 3
    present = request.if_match
    methods = tuple(_method(one) for one in body["methods"])
    with begin() as tx:
        changed = change_rates(
            tx,
            rates_id,
            methods,
            changed_by=current_identity().subject,
            is_present=lambda version: present.contains(str(version)),
        )
    return _answer(changed)


def _answer(rates: Rates) -> Response:
    answer = jsonify(schemas.rates_view(rates))
    answer.set_etag(str(rates.version))
    return answer


def _method(told: dict[str, Any]) -> Method:
    zones = tuple(Zone(**{**zone, "divisions": tuple(zone["divisions"])}) for zone in told["zones"])
    return Method(**{**told, "zones": zones})


def _amount(text: str | None) -> Money | None:
    if text is None:
        return None
    try:
        return Money.of(text, CURRENCY)
    except NotMoney as error:
        raise ValidationError({"amount": [str(error)]}) from error
