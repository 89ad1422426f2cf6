"""What carriers push to us. Nobody is believed who did not sign exactly these bytes just now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from chassis import strict_json
from chassis.http import Blueprint, raw_body
from chassis.problems import Problem
from chassis.requests import begin, current_runtime
from chassis.routes import publishes, signed
from logistics_service.domain.errors import WebhookRefused
from logistics_service.domain.trace import Trace
from logistics_service.http import schemas
from logistics_service.outside.carrier import Carriers
from logistics_service.outside.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_genuine
from logistics_service.usecases.follow_parcel import follow_parcel
from shop_events.contracts.logistics import (
    CashCollected,
    ParcelDelivered,
    ParcelLost,
    ParcelRefused,
    ParcelReturned,
    ParcelTraceAdded,
    StockLevelChanged,
)

webhooks = Blueprint("carrier_webhooks", __name__, url_prefix="/logistics/webhooks")

# A carrier's clock may be wrong, by a time zone at worst. Deadlines count from what it says.
AHEAD_AT_MOST: Final = timedelta(days=1)

TOLD_BY_PUSH = (
    ParcelTraceAdded,
    ParcelDelivered,
    ParcelRefused,
    ParcelReturned,
    ParcelLost,
    CashCollected,
    StockLevelChanged,
)


@webhooks.post("/<carrier>")
@signed
@publishes(*TOLD_BY_PUSH)
@webhooks.response(200, schemas.PushAnswer)
def post_push(carrier: str) -> ResponseReturnValue:
    """A carrier saw a parcel. The same push again changes nothing and is answered alike."""
    return take_push(carrier, dict(request.headers), raw_body())


def take_push(carrier: str, headers: Mapping[str, str], raw: bytes) -> ResponseReturnValue:
    """Check the signature before all else, then write the trace down, then say so.

    Raises:
        WebhookRefused: it is not provably from this carrier, or not from now.
        Problem, ValidationError: it is genuine and says nothing we understand, or what nobody can
            have seen yet.
        WaybillNotFound: we do not know the waybill (yet); the carrier tries again.
    """
    _must_be_genuine(carrier, headers, raw)
    told = _told(raw, current_runtime().clock.now())
    trace = Trace(
        carrier=carrier,
        event_id=told["event_id"],
        state=told["state"],
        place=told["place"],
        at=told["at"],
    )
    with begin() as tx:
        new = follow_parcel(tx, told["waybill"], trace)
    return jsonify({"new": new})


def _told(raw: bytes, now: datetime) -> dict[str, Any]:
    try:
        told: dict[str, Any] = schemas.Push().load(strict_json.read(raw))
    except strict_json.BadJson as error:
        raise Problem(400, "malformed_json", str(error)) from error
    if told["at"] > now + AHEAD_AT_MOST:
        raise ValidationError({"at": ["Nobody can have seen that yet."]})
    return told


def _must_be_genuine(carrier: str, headers: Mapping[str, str], raw: bytes) -> None:
    runtime = current_runtime()
    contract = runtime.outside_as(Carriers).contracts.get(carrier)
    genuine = contract is not None and is_genuine(
        contract.secrets,
        raw,
        timestamp=headers.get(TIMESTAMP_HEADER, ""),
        signature=headers.get(SIGNATURE_HEADER, ""),
        now=runtime.clock.now(),
    )
    if not genuine:
        raise WebhookRefused(carrier)
