"""``Idempotency-Key``: the same request twice has one effect and one answer (API.md, DOMAIN.md E7).

    return once(lambda tx: answer_of(place_order(tx, ...)))

    answer                                    kept    a repeat gets
    2xx                                       with the effect, in its transaction     the same
    error of the domain (4xx)                 right after the rollback                the same
    one that says when to come again          no: the repeat is that coming again     a new try
    422 of a schema, 5xx, anything else       no                                      a new try

While the first is still running, a second gets 409 at once and waits for nothing. A route that
``needs`` the header refuses calls without it; one that only ``heeds`` it does them each time.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from flask import Response, current_app, request
from sqlalchemy import Connection, Row, bindparam, delete, insert, select, text

from chassis.http.json_out import canonical
from chassis.idempotency_table import first_answers
from chassis.problems import Document, Problem, describe
from chassis.requests import (
    asked_with,
    begin,
    current_identity,
    current_runtime,
    declared_here,
    read,
)
from chassis.routes import JSON, Header
from shop_events import Database, Tx

log = logging.getLogger(__name__)

HEADER: Final = Header.KEY
REPLAYED: Final = "Idempotency-Replayed"
LONGEST_KEY: Final = 255
KEEP: Final = timedelta(hours=48)  # API.md promises 24

Answer = tuple[Mapping[str, object], int, Mapping[str, str]]
Act = Callable[[Tx], Answer]

_running: set[tuple[str, int]] = set()
_running_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request, as far as repeats are concerned."""

    scope: str
    route: str
    key: str
    digest: str

    @property
    def lock(self) -> int:
        """A signed 64-bit number of its own."""
        words = f"{self.scope}\n{self.route}\n{self.key}".encode()
        return int.from_bytes(hashlib.sha256(words).digest()[:8], signed=True)


def once(act: Act, *, scope: str | None = None, body: bytes | None = None) -> Response:
    """Do ``act`` and give its answer; a repeat of the request gets that answer and no effect.

    ``act`` receives the transaction and returns body, status and headers. ``scope`` says whose
    key it is where that is not the caller's identity: a guest's cart token, hashed. ``body`` is a
    digest of what came, where a ``streamed`` route has taken it in already.

    Raises:
        Problem: 400 without a key that it needs, or with one that is no key; 422 when the key came
            with another body before; 409 while the first request is still running.
    """
    key = asked_with(HEADER)
    if key is None and HEADER not in declared_here().needs:
        with begin() as tx:
            return _response(*act(tx))
    asked = _asked(key, scope or current_identity().subject, body)
    with read() as connection:
        known = _find(connection, asked)
    if known is not None:
        return _again(known, asked)
    with _in_process(asked):
        try:
            return _first_time(act, asked)
        except Exception as error:  # noqa: BLE001 - what is no refusal is raised again there
            return _keep_refusal(error, asked)


def prune(database: Database) -> int:
    """Forget answers given more than 48 h ago; returns how many."""
    before = database.clock.now() - KEEP
    with database.begin(at="prune") as tx:
        gone = tx.connection.execute(
            delete(first_answers).where(first_answers.c.created_at < before)
        )
        return int(gone.rowcount)


def _asked(key: str | None, scope: str, body: bytes | None = None) -> _Asked:
    if key is None:
        raise Problem(400, "idempotency_key_required", f"This needs the header {HEADER}.")
    if not 0 < len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        words = f"{HEADER} has 1 to {LONGEST_KEY} printable ASCII characters."
        raise Problem(400, "idempotency_key_invalid", words)
    rule = request.url_rule.rule if request.url_rule else request.path
    return _Asked(scope, f"{request.method} {rule}", key, _digest(body))


def _digest(streamed: bytes | None) -> str:
    raw = request.get_data(cache=True) if streamed is None else streamed
    body = canonical(request.get_json()) if raw and request.mimetype == JSON else raw
    words = (request.path.encode(), request.query_string, body)
    return hashlib.sha256(b"\n".join(words)).hexdigest()


def _first_time(act: Act, asked: _Asked) -> Response:
    with begin() as tx:
        _lock(tx.connection, asked)
        known = _find(tx.connection, asked)
        if known is not None:
            return _again(known, asked)
        response = _response(*act(tx))
        if 200 <= response.status_code < 300:
            _keep(tx, asked, response)
    return response


def _response(body: Mapping[str, object], status: int, headers: Mapping[str, str]) -> Response:
    return Response(current_app.json.dumps(body), status, dict(headers), content_type=JSON)


def _keep_refusal(error: Exception, asked: _Asked) -> Response:
    """Keep a refusal of the domain, which is an answer; raise everything else again.

    Between the rollback and this transaction another request with the key may have won; then its
    answer is the one that counts.
    """
    document = describe(error, current_runtime().service.errors)
    if isinstance(error, Problem) or not _is_final(document):
        raise error
    response = document.response()
    with begin(publishes=()) as tx:
        _lock(tx.connection, asked)
        known = _find(tx.connection, asked)
        if known is not None:
            return _again(known, asked)
        _keep(tx, asked, response)
    return response


def _is_final(document: Document) -> bool:
    will_change = "Retry-After" in document.headers or document.code == "validation_failed"
    return 400 <= document.status < 500 and not will_change


def _find(connection: Connection, asked: _Asked) -> Row[Any] | None:
    key = {"of_scope": asked.scope, "of_route": asked.route, "of_key": asked.key}
    return connection.execute(_FIRST_ANSWER, key).first()


_FIRST_ANSWER: Final = select(first_answers).where(
    first_answers.c.scope == bindparam("of_scope"),
    first_answers.c.route == bindparam("of_route"),
    first_answers.c.key == bindparam("of_key"),
)


def _keep(tx: Tx, asked: _Asked, response: Response) -> None:
    names = ("Location", "Content-Type", "Retry-After", "Preference-Applied", "ETag")
    kept = {name: response.headers[name] for name in names if name in response.headers}
    values = {
        "scope": asked.scope,
        "route": asked.route,
        "key": asked.key,
        "asked": asked.digest,
        "status": response.status_code,
        "headers": current_app.json.dumps(kept),
        "body": response.get_data(as_text=True),
        "created_at": tx.now,
    }
    tx.connection.execute(insert(first_answers), values)


def _again(known: Row[Any], asked: _Asked) -> Response:
    if known.asked != asked.digest:
        words = "This idempotency key came with another request before."
        raise Problem(422, "idempotency_key_reused", words)
    headers = current_app.json.loads(known.headers)
    response = Response(known.body, known.status, headers)
    response.headers[REPLAYED] = "true"
    return response


@contextmanager
def _in_process(asked: _Asked) -> Iterator[None]:
    """Hold the key among this process's threads; on SQLite there are no others."""
    mark = (str(current_runtime().database.url), asked.lock)
    with _running_lock:
        if mark in _running:
            raise _still_running()
        _running.add(mark)
    try:
        yield
    finally:
        with _running_lock:
            _running.discard(mark)


def _lock(connection: Connection, asked: _Asked) -> None:
    """Hold the key among all processes until this transaction ends."""
    if connection.dialect.name != "postgresql":
        return  # BEGIN IMMEDIATE: nobody else writes now
    held = connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": asked.lock})
    if not held.scalar_one():
        raise _still_running()


def _still_running() -> Problem:
    words = "The first request with this idempotency key is still running."
    return Problem(409, "idempotency_key_in_use", words, headers={"Retry-After": "1"})
