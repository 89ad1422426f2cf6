"""A pretend card provider that speaks the real one's wire, as far as payment uses it.

A WSGI application over a book in a SQLite file (`pretend_book`): form-encoded requests, JSON
answers, idempotency keys. The SDK reaches it through `InProcessWire`, in whatever process asks:
no port to find, no server to start, nothing that waits for a thread of its own, and the same
request and answer bytes as over a socket. Processes share it by its file.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

import stripe
from werkzeug import Request, Response
from werkzeug.test import EnvironBuilder, run_wsgi_app

from payment_service.outside import pretend_stripe_book as books
from payment_service.outside import pretend_stripe_form as form
from payment_service.outside import pretend_stripe_life as life
from payment_service.outside.pretend_book import BookEntry, BookFile, entries
from payment_service.outside.pretend_stripe_book import Doc
from payment_service.outside.pretend_stripe_life import Refusal
from payment_service.outside.stripe_wire import no_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

KEY: Final = "sk_test_pretend"
ADDRESS: Final = "https://stripe.pretend.invalid"  # RFC 2606: nobody is there
_NAMED: Final = re.compile(r"([a-z_]+)(?:\[([A-Za-z0-9_]*)\])?\Z")

Act = Callable[[sqlite3.Connection, Doc], Doc]


class AnswerLost(Exception):
    """The connection broke; whatever was asked may have been done."""


class PretendStripe:
    """The provider over its book at ``path``; ``pages`` is where its 3-D Secure pages are."""

    name = "stripe"

    def __init__(self, path: Path, *, pages: str) -> None:
        self.book = BookFile(path, books.SCHEMA)
        self._pages = pages

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request.

        Raises:
            AnswerLost: the card in question has it lost.
        """
        request = Request(environ)
        try:
            if (request.method, request.path) == ("POST", form.PATH):
                response = _json(200, json.dumps(self.fills_in(request, datetime.now(UTC))))
            else:
                response = self._answer(request)
        except Refusal as refusal:
            response = _json(refusal.status, json.dumps({"error": refusal.body}))
        return response(environ, start_response)

    def fills_in(self, request: Request, now: datetime) -> Doc:
        """A buyer's browser sends the card form; what it gets: a token.

        The shop's secret key is refused: whoever has that has no business with numbers. What was
        sent is not kept for an idempotency key.

        Raises:
            Refusal: there is no token, and why.
        """
        keys = (request.form.get("key"), request.headers.get("Authorization", "")[len("Bearer ") :])
        if form.PUBLISHABLE_KEY not in keys:
            words = "This takes the publishable key."
            raise Refusal(403, "invalid_request_error", message=words, code="wrong_key")
        if request.args:  # addresses are logged by whoever sees them
            words = "Send the card in the body."
            raise Refusal(400, "invalid_request_error", message=words, code="parameter_unknown")
        params = _params(request)
        with self.book.writing() as book:
            return form.give_token(book, params, now=now)

    def captures(self) -> list[BookEntry]:
        """Every payment whose money it took; the key is our payment's id."""
        with self.book.reading() as book:
            taken = [one for one in books.intents(book) if one["status"] == "succeeded"]
        return entries([_entry(one, "payment_id") for one in taken])

    def refunds(self) -> list[BookEntry]:
        """Every refund that went back, and stayed there; the key is our refund's id."""
        with self.book.reading() as book:
            gone = [one for one in books.refunds(book) if one["status"] == "succeeded"]
        return entries([_entry(one, "refund_id") for one in gone])

    def sees_buyer(self, ref: str, *, approves: bool) -> str | None:
        """The buyer decided on the 3-D Secure page; where the browser goes, if there is such one.

        What was decided before stays as it is.
        """
        with self.book.writing() as book:
            intent = books.intent(book, ref)
            if intent is None or intent["return_url"] is None:
                return None
            if intent["status"] == "requires_action":
                life.go_on(book, intent, approved=approves)
        done = {"payment_intent": ref, "redirect_status": _redirect_status(intent)}
        mark = "&" if "?" in intent["return_url"] else "?"
        return f"{intent['return_url']}{mark}{urlencode(done)}"

    def intent(self, ref: str) -> Doc | None:
        """An intent, as it stands."""
        with self.book.reading() as book:
            return books.intent(book, ref)

    def let_time_pass(self) -> int:
        """What takes its time comes to its end: slow cards, late refunds; how many did."""
        with self.book.writing() as book:
            return life.end_all(book)

    def _answer(self, request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            raise Refusal(401, "invalid_request_error", message="Invalid API key provided.")
        act, params = self._act(request)
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or key is None:
            with self.book.writing() as book:
                return _json(200, json.dumps(act(book, params)))
        return self._once(key, _asked(request, params), lambda book: act(book, params))

    def _once(self, key: str, asked: str, act: Callable[[sqlite3.Connection], Doc]) -> Response:
        """The first answer to a key is the answer to all repeats, refusals among them."""
        with self.book.writing() as book:
            known = books.first_answer(book, key)
            if known is not None:
                if known[0] != asked:
                    words = "Keys for idempotent requests can only be used with the same parameters"
                    raise Refusal(400, "idempotency_error", message=words)
                return _json(known[1], known[2], {"Idempotent-Replayed": "true"})
            try:
                status, doc = 200, act(book)
            except Refusal as refusal:
                status, doc = refusal.status, {"error": refusal.body}
            books.keep_answer(book, key, asked, (status, json.dumps(doc)))
            lost = life.is_lost(book, doc)
        if lost:
            raise AnswerLost
        return _json(status, json.dumps(doc))

    def _act(self, request: Request) -> tuple[Act, Doc]:
        params = _params(request)
        match (request.method, request.path.strip("/").split("/")):
            case ("POST", ["v1", "payment_intents"]):
                return life.create_intent, params
            case ("GET", ["v1", "payment_intents", ref]):
                return life.read_intent, params | {"intent": ref}
            case ("POST", ["v1", "payment_intents", ref, "confirm"]):
                if life.never_arrives(params):
                    raise AnswerLost
                return life.confirm_intent, params | {"intent": ref, "pages": self._pages}
            case ("POST", ["v1", "payment_intents", ref, "cancel"]):
                return life.cancel_intent, params | {"intent": ref}
            case ("POST", ["v1", "refunds"]):
                return life.create_refund, params
            case ("GET", ["v1", "refunds"]):
                return life.list_refunds, params
        raise Refusal(404, "invalid_request_error", message="Unrecognized request URL.")


class InProcessWire(stripe.HTTPClient):
    """Carries the SDK's requests to an application in the same process."""

    name = "wsgi"

    def __init__(self, app: PretendStripe) -> None:
        super().__init__()
        self._app = app

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """One request, answered or lost.

        Raises:
            stripe.APIConnectionError: it is lost.
        """
        where = urlsplit(url)
        request = EnvironBuilder(
            method=method.upper(),
            path=where.path,
            query_string=where.query,
            headers=list((headers or {}).items()),
            data=post_data,
        )
        try:
            parts, status, answered = run_wsgi_app(self._app, request.get_environ(), buffered=True)
        except AnswerLost as error:
            raise no_answer("The connection broke.") from error
        return b"".join(parts).decode(), int(status.split()[0]), dict(answered)


def _params(request: Request) -> Doc:
    """The parameters; ``metadata[payment_id]=x`` is an object, ``kinds[0]=x`` a list.

    Raises:
        Refusal: a name that is none.
    """
    found: Doc = {}
    for name, value in [*request.args.items(multi=True), *request.form.items(multi=True)]:
        match = _NAMED.match(name)
        if match is None:
            raise Refusal(400, "invalid_request_error", code="parameter_unknown", message=name)
        outer, inner = match.groups()
        kind = str if inner is None else list if inner.isdigit() or not inner else dict
        if not isinstance(found.get(outer, kind()), kind):
            raise Refusal(400, "invalid_request_error", code="parameter_invalid", message=outer)
        if inner is None:
            found[outer] = value
        elif inner.isdigit() or not inner:
            found.setdefault(outer, []).append(value)
        else:
            found.setdefault(outer, {})[inner] = value
    return found


def _asked(request: Request, params: Doc) -> str:
    return json.dumps([request.path, params], sort_keys=True)


def _json(status: int, body: str, headers: Mapping[str, str] = {}) -> Response:
    sent = {"Request-Id": books.name("req"), **headers}
    return Response(body, status, sent, content_type="application/json")


def _entry(doc: Doc, key: str) -> tuple[str, int, str]:
    return doc["metadata"].get(key, doc["id"]), doc["amount"], doc["currency"].upper()


def _redirect_status(intent: Doc) -> str:
    return "succeeded" if intent["status"] in ("succeeded", "processing") else "failed"
