"""Routes with schemas: flask-smorest, made strict about what comes in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

import flask_smorest  # type: ignore[import-untyped]
from flask import Request, request
from flask.json.provider import JSONProvider
from marshmallow import RAISE, Schema, ValidationError
from webargs import missing
from webargs.flaskparser import FlaskParser

from chassis import strict_json
from chassis.http.json_out import write
from chassis.problems import Problem

View = TypeVar("View", bound=Callable[..., Any])


class StrictJson(JSONProvider):
    """Writes fast, and reads as `chassis.strict_json` does, wherever JSON is read."""

    def dumps(self, obj: Any, **_kwargs: Any) -> str:
        """JSON text; money, instants and ids have their form of API.md."""
        return write(obj).decode()

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        """The value.

        Raises:
            Problem: 400, it is not JSON we read.
        """
        try:
            return strict_json.read(s.encode() if isinstance(s, str) else s)
        except strict_json.BadJson as error:
            raise Problem(400, "malformed_json", str(error)) from error


class _Parser(FlaskParser):
    """Unknown fields are errors everywhere, and errors have our own form."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - as the parent has it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": RAISE,
        "query": RAISE,
    }

    def _raw_load_json(self, req: Request) -> Any:
        return req.get_json() if req.get_data(cache=True) else missing

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """A `ValidationError` of the body's own fields, without the location in front."""
        del req, schema, error_status_code, error_headers
        messages: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
        inner = next(iter(messages.values())) if len(messages) == 1 else messages
        raise ValidationError(inner) from error


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """A group of routes. Its addresses are written as in API.md, without ``/api/v1``."""

    ARGUMENTS_PARSER = _Parser()

    def get(self, rule: str, **options: Any) -> Callable[[View], View]:
        """A route that changes nothing."""
        return self._typed(rule, "GET", options)

    def post(self, rule: str, **options: Any) -> Callable[[View], View]:
        """A route that makes or does something."""
        return self._typed(rule, "POST", options)

    def put(self, rule: str, **options: Any) -> Callable[[View], View]:
        """A route that sets something; a repeat changes nothing more."""
        return self._typed(rule, "PUT", options)

    def patch(self, rule: str, **options: Any) -> Callable[[View], View]:
        """A route that changes some fields."""
        return self._typed(rule, "PATCH", options)

    def delete(self, rule: str, **options: Any) -> Callable[[View], View]:
        """A route that takes something away."""
        return self._typed(rule, "DELETE", options)

    def arguments(
        self, schema: type[Schema] | Schema, *, location: str = "json", **options: Any
    ) -> Callable[[View], View]:
        """Read body (or ``location="query"``) by ``schema``; the view gets the dict as argument."""
        decorator: Callable[[View], View] = super().arguments(schema, location=location, **options)
        return decorator

    def response(
        self,
        status_code: int,
        schema: type[Schema] | Schema | dict[str, Any] | None = None,
        **options: Any,
    ) -> Callable[[View], View]:
        """What the route answers when all is well; dumped by ``schema`` unless it is a Response.

        A dict is written into the document as it is: for what is no JSON.
        """
        decorator: Callable[[View], View] = super().response(status_code, schema, **options)
        return decorator

    def alt_response(self, status_code: int, **options: Any) -> Callable[[View], View]:
        """What else it may answer; ``schema`` and ``description`` as for `response`."""
        decorator: Callable[[View], View] = super().alt_response(status_code, **options)
        return decorator

    def doc(self, **words: Any) -> Callable[[View], View]:
        """What its part of the document says besides: a body that is no JSON."""
        decorator: Callable[[View], View] = super().doc(**words)
        return decorator

    def _typed(self, rule: str, method: str, options: dict[str, Any]) -> Callable[[View], View]:
        decorator: Callable[[View], View] = self.route(rule, methods=[method], **options)
        return decorator


def raw_body() -> bytes:
    """The bytes as they came, for checking a signature."""
    return request.get_data(cache=True)
