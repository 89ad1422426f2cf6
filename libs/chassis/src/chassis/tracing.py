"""One request, one trace: its id in every answer, log line, problem document and event."""

from __future__ import annotations

import logging
import re
import time
from typing import Final

from flask import Flask, Response, g, has_request_context, request

from chassis import logs
from shop_events.ids import new_id
from shop_events.trace import child_of, new_traceparent, trace_id

__all__ = ["child_of", "current_trace_id", "install", "request_id", "trace_id", "traceparent"]

REQUEST_ID: Final = "X-Request-Id"
_ASKED_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = logging.getLogger(__name__)


def traceparent() -> str:
    """The present request's span; the root of a new trace where there is no request."""
    if not has_request_context():
        return new_traceparent()
    if "traceparent" not in g:
        g.traceparent = child_of(request.headers.get("traceparent"))
    return str(g.traceparent)


def current_trace_id() -> str:
    """The present trace's id."""
    return trace_id(traceparent()) or ""


def request_id(asked: str) -> str:
    """The id a request asks for, where it is a plain one; a new one otherwise."""
    return asked if _ASKED_ID.fullmatch(asked) else new_id()


def install(app: Flask, service: str) -> None:
    """Give each request its ids, and write one line about it when it is answered."""

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        g.request_id = request_id(request.headers.get(REQUEST_ID, ""))
        g.about = logs.about.set(
            {"service": service, "trace_id": current_trace_id(), "request_id": g.request_id}
        )

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[REQUEST_ID] = g.request_id
        _tell(response)
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        if "about" in g:  # another service's request may be around this one (embedded)
            logs.about.reset(g.about)


def _tell(response: Response) -> None:
    """The access log: the path's template, never the path, a query, a header or a body."""
    identity = g.get("identity")
    fields = {
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.started) * 1000, 1),
        "subject": identity.subject if identity else None,
    }
    log.info("answered", extra=fields)
