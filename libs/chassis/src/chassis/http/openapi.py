"""The OpenAPI 3.1 document of a service, from its routes, schemas and declarations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import flask_smorest  # type: ignore[import-untyped]
from flask import Flask, Response
from marshmallow import Schema, fields

from chassis.http.blueprint import Blueprint
from chassis.http.fields import Id, MoneyField
from chassis.http.json_out import write
from chassis.idempotency import LONGEST_KEY
from chassis.problems import MEDIA_TYPE
from chassis.requests import LONGEST_WAIT_S
from chassis.routes import JSON, Declared, Door, Header, anyone, routes_of
from shop_events.contract import contract_of
from shop_events.values import MINOR_DIGITS

PATH: Final = "/openapi.json"  # of the service itself; the gateway serves the whole shop's
_MEANS: Final = {
    Header.KEY: "The same call with the same key has one effect, for a day at least; a repeat gets "
    "the first answer again, marked `Idempotency-Replayed: true`.",
    Header.UNCHANGED: "The `ETag` it was read with; 412 if somebody changed it since.",
    Header.WAIT: f"`wait=N` holds the answer for N seconds, {LONGEST_WAIT_S} at most, while it "
    "settles (RFC 7240); one that was held has `Preference-Applied: wait`.",
}
_KEY_FORM: Final = {"minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[ -~]+$"}
_PARAMETER: Final = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


class ProblemDocument(Schema):
    """RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    trace_id = fields.String(required=True)


class Api(flask_smorest.Api):  # type: ignore[misc]
    """Knows our fields and our errors."""

    ERROR_SCHEMA = ProblemDocument

    def init_app(self, app: Flask, **kwargs: Any) -> None:
        """As the parent's, with the form of money."""
        super().init_app(app, **kwargs)
        self.ma_plugin.converter.add_attribute_function(_money)
        self.ma_plugin.converter.add_attribute_function(_id)
        self.spec.components.security_scheme(
            "token", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        )
        self.spec.components.get_ref("response", "DEFAULT_ERROR")  # make it be there

    def _register_responses(self) -> None:
        """The parent's, with the media type that our errors really have."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = MEDIA_TYPE
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE


def install(app: Flask, blueprints: Mapping[str, Sequence[Blueprint]]) -> None:
    """Serve the document of ``blueprints``, the routes of ``app`` by their prefix.

    It is written when it is first asked for: most processes never are.
    """

    @cache
    def written() -> bytes:
        return write(document(app, blueprints))

    @app.get(PATH)
    @anyone
    def openapi() -> Response:
        return Response(written(), mimetype=JSON)


def document(app: Flask, blueprints: Mapping[str, Sequence[Blueprint]]) -> dict[str, Any]:
    """The document, with who may call each route and what it publishes."""
    described = Flask(app.name, static_folder=None)
    described.config.update(app.config)
    described.config.update(
        API_TITLE=f"Jishi: {app.name}", API_VERSION="v1", OPENAPI_VERSION="3.1.0"
    )
    api = Api(described)
    for prefix, of_prefix in blueprints.items():
        for blueprint in of_prefix:
            api.register_blueprint(blueprint, url_prefix=prefix + (blueprint.url_prefix or ""))
    spec: dict[str, Any] = api.spec.to_dict()
    for path, methods, said in routes_of(app):
        operations = spec.get("paths", {}).get(_PARAMETER.sub(r"{\1}", path), {})
        for method in methods:
            if method.lower() in operations:
                _annotate(operations[method.lower()], said)
    return spec


def _annotate(operation: dict[str, Any], said: Declared) -> None:
    if said.door is Door.ROLES:
        operation["security"] = [{"token": []}]
        operation["x-roles"] = sorted(said.roles)
    elif said.door is Door.ANYONE:
        operation["security"] = [{}, {"token": []}]
    if said.publishes:
        operation["x-publishes"] = sorted(contract_of(one).routing_key for one in said.publishes)
    for header in sorted(said.needs | said.heeds):
        operation.setdefault("parameters", []).append(_header(header, needed=header in said.needs))
    answers = operation.setdefault("responses", {})
    answers.setdefault("default", {"$ref": "#/components/responses/DEFAULT_ERROR"})


def _header(header: Header, *, needed: bool) -> dict[str, Any]:
    return {
        "name": header.value,
        "in": "header",
        "required": needed,
        "description": _MEANS[header],
        "schema": {"type": "string", **(_KEY_FORM if header is Header.KEY else {})},
    }


def _money(_converter: Any, field: fields.Field[Any], **_kwargs: Any) -> dict[str, Any]:
    if not isinstance(field, MoneyField):
        return {}
    return {
        "type": ["object", "null"] if field.allow_none else "object",
        "properties": {
            "amount": {"type": "string", "pattern": r"^-?\d{1,16}(\.\d{1,4})?$"},
            "currency": {"type": "string", "enum": sorted(MINOR_DIGITS)},
        },
        "required": ["amount", "currency"],
        "additionalProperties": False,
    }


def _id(_converter: Any, field: fields.Field[Any], **_kwargs: Any) -> dict[str, Any]:
    """In ECMA's words, which JSON Schema uses: its ``$`` is what Python writes as Z."""
    return {"pattern": "^[A-Za-z0-9_.:-]{1,64}$"} if isinstance(field, Id) else {}
