"""What carriers push to us. Nobody is believed who did not sign exactly these bytes just now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from chassis import strict_json
from chassis.http import Blueprint, raw_body
from chassis.problems import Problem
from chassis.requests import begin, current_runtime
from chassis.routes import publishes, signed
from logistics_service.domain.errors import WebhookRefused
from logistics_service.http import schemas
from logistics_service.http.pushes import read_push
from logistics_service.outside.carrier import Carriers, Contract
from logistics_service.outside.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_genuine
from logistics_service.usecases.follow_parcel import TOLD, follow_parcel

webhooks = Blueprint("carrier_webhooks", __name__, url_prefix="/logistics/webhooks")

# A carrier's clock may be wrong, by a time zone at worst. Deadlines count from what it says.
AHEAD_AT_MOST: Final = timedelta(days=1)


@webhooks.post("/<carrier>")
@signed
@publishes(*TOLD)
@webhooks.response(200, schemas.PushAnswer)
def post_push(carrier: str) -> ResponseReturnValue:
    """A carrier saw a parcel. The same push again changes nothing and is answered alike."""
    return jsonify({"new": take_push(carrier, dict(request.headers), raw_body())})


def take_push(carrier: str, headers: Mapping[str, str], raw: bytes) -> bool:
    """Check the signature before all else, then write the traces down; whether one was new.

    Raises:
        WebhookRefused: it is not provably from this carrier, or not from now.
        Problem, ValidationError: it is genuine and says nothing we understand, or what nobody can
            have seen yet.
        WaybillNotFound: we do not know the waybill (yet); the carrier tries again.
    """
    profile = _must_be_genuine(carrier, headers, raw).profile
    try:
        said = strict_json.read(raw)
    except strict_json.BadJson as error:
        raise Problem(400, "malformed_json", str(error)) from error
    waybill, traces = read_push(carrier, profile, said)
    if traces[-1].at > current_runtime().clock.now() + AHEAD_AT_MOST:
        raise ValidationError({"at": ["Nobody can have seen that yet."]})
    with begin() as tx:
        news = [follow_parcel(tx, waybill, trace) for trace in traces]
    return any(news)


def _must_be_genuine(carrier: str, headers: Mapping[str, str], raw: bytes) -> Contract:
    runtime = current_runtime()
    contract = runtime.outside_as(Carriers).contracts.get(carrier)
    genuine = contract is not None and is_genuine(
        contract.secrets,
        raw,
        timestamp=headers.get(TIMESTAMP_HEADER, ""),
        signature=headers.get(SIGNATURE_HEADER, ""),
        now=runtime.clock.now(),
    )
    if contract is None or not genuine:
        raise WebhookRefused(carrier)
    return contract
