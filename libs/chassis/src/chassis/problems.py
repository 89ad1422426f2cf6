"""Every error a client sees, as an RFC 9457 document.

    what was raised                                   answer
    an error of the service's own root class          its ``status`` and ``code``; its sentence
    ... somewhere up the chain of causes              the same: wrapping does not change it
    a schema's ValidationError                        422 validation_failed, field to messages
    an HTTP error (404, 405 with Allow, 413, ...)     the same status
    the database is gone, busy or out of time         503 unavailable, Retry-After
    anything else                                     500, and why is in the log under trace_id

A service's root error class lives in its domain and knows no framework. It has two attributes,
``code`` (a stable slug) and ``status``; three more are read where there are any: ``retry_after_s``,
``errors`` (field to messages) and ``extensions`` (further members of the document).
"""

from __future__ import annotations

import http
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask, Response, current_app
from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from chassis.tracing import current_trace_id

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_S: Final = 2
_CODES: Final = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    412: "precondition_failed",
    413: "body_too_large",
    414: "address_too_long",
    415: "unsupported_media_type",
    429: "too_many_requests",
    503: "unavailable",
}


class Problem(Exception):
    """An error of HTTP itself; what is wrong with the business is an error of the domain."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.errors = errors
        self.headers = dict(headers or {})


@dataclass(frozen=True, kw_only=True)
class Document:
    """A problem document before it is written."""

    status: int
    code: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, object] = field(default_factory=dict)

    def body(self, trace_id: str | None = None) -> dict[str, object]:
        """The members of the document; of the present trace, unless another is named."""
        return {
            "type": f"urn:jishi:problem:{self.code}",
            "title": http.HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.members,
            "trace_id": trace_id or current_trace_id(),
        }

    def response(self) -> Response:
        """The document as an answer."""
        text = current_app.json.dumps(self.body())
        return Response(text, self.status, self.headers, content_type=MEDIA_TYPE)


def install(app: Flask, errors: type[Exception]) -> None:
    """Answer everything that is raised in ``app``; ``errors`` is the service's own root class.

    Raises:
        TypeError: a class below ``errors`` lacks a ``code``, or its ``status`` is no 4xx or 503.
    """
    must_be_complete(errors)

    def answer(error: Exception) -> Response:
        document = describe(error, errors)
        if document.status == http.HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("A request failed.", exc_info=error)
            if app.config["PROPAGATE_EXCEPTIONS"]:
                raise error
        return document.response()

    app.register_error_handler(Exception, answer)
    app.register_error_handler(HTTPException, answer)  # the OpenAPI extension registered its own


def describe(error: BaseException, errors: type[Exception]) -> Document:
    """What a client is told about ``error``."""
    known = _in_chain(error, errors)
    if known is not None:
        return _of_domain(known)
    if isinstance(error, Problem):
        return _of_problem(error)
    if isinstance(error, ValidationError):
        return invalid(error.normalized_messages())  # type: ignore[no-untyped-call]
    if isinstance(error, HTTPException):
        return _of_http(error)
    if _is_unavailable(error):
        log.warning("The database does not answer.", exc_info=error)
        headers = {"Retry-After": str(RETRY_AFTER_S)}
        detail = "The service is busy or being repaired. Try again shortly."
        return Document(status=503, code="unavailable", detail=detail, headers=headers)
    return Document(
        status=500,
        code="internal_error",
        detail="Something went wrong on our side. The trace id helps us to find it.",
    )


def invalid(messages: Mapping[str, Any]) -> Document:
    """422 for what does not fit its schema; ``messages`` as marshmallow has them."""
    return Document(
        status=422,
        code="validation_failed",
        detail="Some fields are not as they should be.",
        members={"errors": dict(_flat(messages))},
    )


def _of_domain(error: BaseException) -> Document:
    given: Any = error
    headers: dict[str, str] = {}
    members: dict[str, object] = dict(getattr(given, "extensions", None) or {})
    if (retry_after_s := getattr(given, "retry_after_s", None)) is not None:
        headers["Retry-After"] = str(retry_after_s)
    if messages := getattr(given, "errors", None):
        members["errors"] = messages
    return Document(
        status=given.status, code=given.code, detail=str(error), headers=headers, members=members
    )


def _of_problem(error: Problem) -> Document:
    members = {"errors": error.errors} if error.errors else {}
    return Document(
        status=error.status,
        code=error.code,
        detail=str(error),
        headers=error.headers,
        members=members,
    )


def _of_http(error: HTTPException) -> Document:
    status = error.code or 500
    kept = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return Document(
        status=status,
        code=_CODES.get(status, f"http_{status}"),
        detail=error.description or http.HTTPStatus(status).phrase,
        headers=kept,
    )


def _in_chain(error: BaseException, errors: type[Exception]) -> BaseException | None:
    """``error`` or the first of its explicit causes that is one of ``errors``."""
    one: BaseException | None = error
    for _ in range(10):
        if one is None or isinstance(one, errors):
            return one
        one = one.__cause__
    return None


def _is_unavailable(error: BaseException) -> bool:
    if isinstance(error, NoConnectionFree):
        return True
    if not isinstance(error, DBAPIError):
        return False
    # SQLite calls a missing table an operational error too; that one is our own fault.
    name = getattr(error.orig, "sqlite_errorname", "")
    if name:
        return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_FULL"))
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def _flat(messages: Any, at: str = "") -> list[tuple[str, list[str]]]:
    """``{"lines": {0: {"quantity": [...]}}}`` as ``lines.0.quantity``."""
    if not isinstance(messages, Mapping):
        return [(at or "_schema", [str(one) for one in messages])]
    found: list[tuple[str, list[str]]] = []
    for name, below in messages.items():
        found += _flat(below, f"{at}.{name}" if at else str(name))
    return found


def must_be_complete(errors: type[Exception]) -> None:
    """Refuse a tree of errors in which one has no answer.

    Raises:
        TypeError: a class lacks a ``code``, or its ``status`` is no 4xx or 503.
    """
    classes = [errors]
    while classes:
        one = classes.pop()
        classes += one.__subclasses__()
        code, status = getattr(one, "code", None), getattr(one, "status", None)
        if not isinstance(code, str) or not isinstance(status, int) or not _tellable(status):
            raise TypeError(f"{one.__qualname__} needs a code, and a status of 4xx or 503.")


def _tellable(status: int) -> bool:
    return 400 <= status < 500 or status == 503
