"""The public keys by which everybody may check access tokens."""

from __future__ import annotations

from flask import Response, jsonify

from account_service.config import AccountSettings
from account_service.http.schemas import KeySetAnswer
from chassis.http import Blueprint
from chassis.requests import current_runtime
from chassis.routes import anyone

well_known = Blueprint("well_known", __name__, url_prefix="/.well-known")


@well_known.get("/jwks.json")
@anyone
@well_known.response(200, KeySetAnswer)
def get_keys() -> Response:
    """The keys that sign now, did, or soon will (RFC 7517)."""
    keys = current_runtime().settings_as(AccountSettings).signing_keys.public()
    answer = jsonify({"keys": keys})
    answer.headers["Cache-Control"] = "public, max-age=60"
    return answer
