"""Development only: make a pretend carrier see a parcel. Absent outside ``SHOP_ENV=dev``."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from chassis.http import Blueprint
from chassis.requests import current_runtime
from chassis.routes import anyone, publishes
from logistics_service.http import schemas
from logistics_service.http.webhooks import take_push
from logistics_service.outside.carrier import Carriers
from logistics_service.outside.journeys import travel
from logistics_service.outside.pretend_carrier import PretendCarrier, Push
from logistics_service.usecases.call_carrier import must_know
from logistics_service.usecases.follow_parcel import TOLD

dev_carriers = Blueprint("dev_carriers", __name__, url_prefix="/dev/simulators/carriers")


@dev_carriers.post("/<carrier>")
@anyone
@publishes(*TOLD)
@dev_carriers.arguments(schemas.See)
@dev_carriers.response(200, schemas.PushAnswer)
def post_sighting(body: dict[str, Any], carrier: str) -> ResponseReturnValue:
    """The pretend carrier takes a parcel on, and pushes what it sees to us, signed as always.

    ``journey`` is ``one_step``, or the end to which it takes it; ``state`` sees it once.
    """
    ours = must_know(current_runtime().outside_as(Carriers), carrier).carrier
    if not isinstance(ours, PretendCarrier):
        raise TypeError(f"{carrier} is no pretend carrier.")
    answers = [take_push(carrier, one.headers, one.body) for one in _pushes(ours, body)]
    return jsonify({"new": any(answers)})


def _pushes(carrier: PretendCarrier, body: dict[str, Any]) -> list[Push]:
    now, waybill = current_runtime().clock.now(), body["waybill"]
    if body["journey"] is not None:
        return travel(carrier, waybill, body["journey"], trouble=body["trouble"], now=now)
    return [carrier.sees(waybill, body["state"].value, place=body["place"], at=now)]
