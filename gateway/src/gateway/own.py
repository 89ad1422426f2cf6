"""What the gateway answers itself: whether it lives, who answers behind it, and the API's pages."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from importlib import resources
from typing import TYPE_CHECKING, Final

from chassis.http.json_out import write
from chassis.problems import Problem
from chassis.routes import JSON, PREFIX
from gateway.asking import ask
from gateway.openapi import Documents
from gateway.routes import NoSuchMethod, Route, Table
from gateway.services import Services
from gateway.table import ANYONE
from gateway.upstream import Answer, Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

DOCUMENT: Final = f"{PREFIX}/openapi.json"
PAGE: Final = f"{PREFIX.rpartition('/')[0]}/docs"
_PAGES: Final = Route("GET", PAGE, "gateway", ANYONE)
_ASKED_WITHIN_S: Final = 1.0

Count = Callable[[Route, "WSGIEnvironment"], None]


class Own:
    """The addresses of the gateway's own."""

    def __init__(self, table: Table, services: Services) -> None:
        self._services = services
        self._documents = Documents(table, services)
        self._page = (resources.files("gateway") / "docs.html").read_text("utf-8")
        self._answers: dict[str, Callable[[], Answer]] = {
            "/health/live": self._live,
            "/health/ready": self._ready,
            DOCUMENT: self._document,
            PAGE: self._browse,
        }

    def answer(self, environ: WSGIEnvironment, *, count: Count) -> Answer | None:
        """The answer, if the address is one of ours; ``count`` counts those that cost something.

        Raises:
            NoSuchMethod: it was asked with another than GET or HEAD.
            Problem: 429, or what a service that is down leads to.
        """
        found = self._answers.get(environ["PATH_INFO"])
        if found is None:
            return None
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            raise NoSuchMethod({"GET", "HEAD", "OPTIONS"})
        if found not in (self._live, self._ready):
            count(_PAGES, environ)
        answer = found()
        if environ["REQUEST_METHOD"] == "HEAD":
            return Answer(answer.status, answer.headers, [])
        return answer

    def _live(self) -> Answer:
        return _json({"status": "ok"})

    def _ready(self) -> Answer:
        """Ready while anybody answers: taken out for one service, none of the others would be."""
        checks = {name: self._check(name) for name in self._services.names()}
        good = sum(said == "ok" for said in checks.values())
        status = "ready" if good == len(checks) else "degraded" if good else "not_ready"
        said = {"status": status, "checks": checks}
        return _json(said, "200 OK" if good else "503 Service Unavailable")

    def _check(self, name: str) -> str:
        route = Route("GET", "/health/ready", name, ANYONE, deadline_s=_ASKED_WITHIN_S)
        try:
            answer = ask(self._services, route, "/health/ready")
        except Problem as problem:
            return problem.code.replace("_", " ")
        return "ok" if answer.status.startswith("200") else "not ready"

    def _document(self) -> Answer:
        return _text(self._documents.merged(), JSON)

    def _browse(self) -> Answer:
        nonce = secrets.token_urlsafe(16)
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        page = self._page.replace("{{nonce}}", nonce).replace("{{document}}", DOCUMENT)
        headers = [("Content-Security-Policy", policy)]
        return _text(page.encode(), "text/html; charset=utf-8", headers)


def _json(value: object, status: str = "200 OK") -> Answer:
    data = write(value)
    headers = [("Content-Type", JSON), ("Content-Length", str(len(data)))]
    return Answer(status, headers, [data])


def _text(data: bytes, kind: str, headers: Headers | None = None) -> Answer:
    told = [("Content-Type", kind), ("Content-Length", str(len(data))), *(headers or [])]
    return Answer("200 OK", told, [data])
