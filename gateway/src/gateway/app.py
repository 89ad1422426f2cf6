"""The gateway as a WSGI application: the steps of a call, in their order.

It is WSGI and not Flask because a row of the table is all there is to a route here, and because
each call of the shop passes through: the hop is measured (README.md).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from chassis import logs
from chassis.clocks import Clock, clock_for
from chassis.http.json_out import write
from chassis.problems import MEDIA_TYPE, Document, Problem
from chassis.settings import Env
from chassis.tokens import TokenCheck
from chassis.tracing import child_of, request_id, trace_id
from gateway.bodies import take_body
from gateway.cors import cors
from gateway.door import let_in, sign_in
from gateway.headers import inwards, outwards
from gateway.limits import Limits
from gateway.own import Own
from gateway.routes import NoSuchMethod, NoSuchPath, Route, Table
from gateway.services import Services
from gateway.settings import GatewaySettings
from gateway.store import Buckets
from gateway.table import ROUTES
from gateway.upstream import Answer, Upstream

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Visit:
    """One call, and what becomes known about it on its way; for its log line and its answer."""

    request_id: str
    traceparent: str
    started: float
    route: Route | None = None
    subject: str | None = None


def build(
    settings: GatewaySettings,
    upstreams: Mapping[str, Upstream],
    *,
    clock: Clock | None = None,
    routes: Iterable[Route] = ROUTES,
) -> Gateway:
    """The gateway in front of these services. Nothing is connected."""
    return Gateway(settings, upstreams, clock=clock, routes=routes)


class Gateway:
    """Answers every call from outside."""

    def __init__(
        self,
        settings: GatewaySettings,
        upstreams: Mapping[str, Upstream],
        *,
        clock: Clock | None,
        routes: Iterable[Route],
    ) -> None:
        dev = settings.env is Env.DEV
        self.table: Final = Table(one for one in routes if dev or not one.dev)
        self.services: Final = Services(upstreams, settings.signing_keys)
        self._buckets = Buckets(settings.counters)
        self._limits = Limits(self._buckets, settings.limits)
        self._tokens = TokenCheck(
            keys=settings.token_keys,
            issuer=settings.token_issuer,
            audience=settings.token_audience,
            clock=clock or clock_for(settings.dev_clock_file),
        )
        self._own = Own(self.table, self.services)
        self._origins = settings.cors_origins

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one call."""
        visit = _Visit(
            request_id=request_id(environ.get("HTTP_X_REQUEST_ID", "")),
            traceparent=child_of(environ.get("HTTP_TRACEPARENT")),
            started=time.perf_counter(),
        )
        trace = trace_id(visit.traceparent) or ""
        about = {"service": "gateway", "trace_id": trace, "request_id": visit.request_id}
        token = logs.about.set(about)
        try:
            answer = self._answer(environ, visit, trace)
            headers = outwards(answer.headers, visit.request_id) + cors(environ, self._origins)
            _tell(visit, environ["REQUEST_METHOD"], answer.status)
        finally:
            logs.about.reset(token)
        start_response(answer.status, headers)
        return answer.body

    def close(self) -> None:
        """Let go of the counters."""
        self._buckets.close()

    def _answer(self, environ: WSGIEnvironment, visit: _Visit, trace: str) -> Answer:
        try:
            answer = self._own.answer(environ, count=self._count_own)
            return answer or self._hand_on(environ, visit)
        except NoSuchPath:
            problem = Problem(404, "not_found", "There is nothing at this address.")
        except NoSuchMethod as error:
            if environ["REQUEST_METHOD"] == "OPTIONS":
                return self._options(environ, error.allowed)
            headers = {"Allow": error.allowed}
            problem = Problem(405, "method_not_allowed", str(error), headers=headers)
        except Problem as error:
            problem = error
        except Exception:
            log.exception("A call failed in the gateway.")
            detail = "Something went wrong on our side. The trace id helps us to find it."
            problem = Problem(500, "internal_error", detail)
        return _document(problem, trace, head=environ["REQUEST_METHOD"] == "HEAD")

    def _hand_on(self, environ: WSGIEnvironment, visit: _Visit) -> Answer:
        route = visit.route = self.table.find(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        self._admit(environ, route, visit)
        call = inwards(environ)
        take_body(call, route)
        call["PATH_INFO"] = environ["PATH_INFO"].removesuffix("/")
        call["HTTP_X_REQUEST_ID"] = visit.request_id
        call["HTTP_TRACEPARENT"] = visit.traceparent
        call["HTTP_X_CLIENT_ADDRESS"] = environ.get("REMOTE_ADDR", "")
        return self.services.call(route, call)

    def _admit(self, environ: WSGIEnvironment, route: Route, visit: _Visit) -> None:
        """Count the call, a refused token's too; then look at who came."""
        address = environ.get("REMOTE_ADDR", "")
        try:
            identity = sign_in(self._tokens, environ, route)
        except Problem:
            self._limits.count(route, address=address, subject=None)
            raise
        visit.subject = identity.subject if identity else None
        self._limits.count(route, address=address, subject=visit.subject)
        let_in(identity, route)

    def _count_own(self, route: Route, environ: WSGIEnvironment) -> None:
        self._limits.count(route, address=environ.get("REMOTE_ADDR", ""), subject=None)

    def _options(self, environ: WSGIEnvironment, allowed: str) -> Answer:
        told = cors(environ, self._origins, allowed=allowed)
        besides = {"vary", "access-control-allow-origin", "access-control-expose-headers"}
        preflight = [one for one in told if one[0].lower() not in besides]
        return Answer("204 No Content", [("Allow", allowed), *preflight], [])


def _document(problem: Problem, trace: str, *, head: bool) -> Answer:
    members = {"errors": problem.errors} if problem.errors else {}
    document = Document(
        status=problem.status, code=problem.code, detail=str(problem), members=members
    )
    text = write(document.body(trace))
    headers = [
        *problem.headers.items(),
        ("Content-Type", MEDIA_TYPE),
        ("Content-Length", str(len(text))),
    ]
    status = f"{problem.status} {HTTPStatus(problem.status).phrase}"
    return Answer(status, headers, [] if head else [text])


def _tell(visit: _Visit, method: str, status: str) -> None:
    """The access log: the row's path, never the path itself, a query, a header or a body."""
    if not log.isEnabledFor(logging.INFO):
        return
    fields = {
        "method": method,
        "route": visit.route.address if visit.route else None,
        "status": int(status[:3]),
        "ms": round((time.perf_counter() - visit.started) * 1000, 1),
        "subject": visit.subject,
    }
    log.info("answered", extra=fields)
