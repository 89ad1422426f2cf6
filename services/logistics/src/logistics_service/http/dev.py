"""Development only: make a pretend carrier see a parcel. Absent outside ``SHOP_ENV=dev``."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from chassis.http import Blueprint
from chassis.requests import current_runtime
from chassis.routes import anyone, publishes
from logistics_service.http import schemas
from logistics_service.http.webhooks import TOLD_BY_PUSH, take_push
from logistics_service.outside.carrier import Carriers
from logistics_service.outside.pretend_carrier import PretendCarrier
from logistics_service.usecases.ship_parcel import must_know

dev_carriers = Blueprint("dev_carriers", __name__, url_prefix="/dev/simulators/carriers")


@dev_carriers.post("/<carrier>")
@anyone
@publishes(*TOLD_BY_PUSH)
@dev_carriers.arguments(schemas.See)
@dev_carriers.response(200, schemas.PushAnswer)
def post_sighting(body: dict[str, Any], carrier: str) -> ResponseReturnValue:
    """The pretend carrier sees the parcel now, and pushes it to us, signed as always."""
    runtime = current_runtime()
    ours = must_know(runtime.outside_as(Carriers), carrier).carrier
    if not isinstance(ours, PretendCarrier):
        raise TypeError(f"{carrier} is no pretend carrier.")
    push = ours.sees(
        body["waybill"], body["state"].value, place=body["place"], at=runtime.clock.now()
    )
    return take_push(carrier, push.headers, push.body)
