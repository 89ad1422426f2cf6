"""The door of a service: who comes in, with what kind of body and what kind of address."""

from __future__ import annotations

import logging
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, g, request
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from werkzeug.exceptions import RequestEntityTooLarge

from chassis.gateway import CLIENT_ADDRESS, HEADER
from chassis.problems import Problem
from chassis.requests import current_identity, current_runtime, declared_here
from chassis.routes import JSON, PREFIX, Declared, Door
from chassis.tokens import TokenRefused

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Check every request before its route sees it: by which way, who, then what."""

    @app.before_request
    def check() -> None:
        _way()
        if request.url_rule is None:  # no such route or method: answered so by the dispatcher
            return
        said = declared_here()
        _who(said)
        _address()
        _body(said)

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-store")  # ASVS 14.3.2
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response


def _way() -> None:
    gateway = current_runtime().gateway
    if gateway is None or not request.path.startswith(f"{PREFIX}/"):
        return
    try:
        gateway.check(request.headers.get(HEADER, ""))
    except TokenRefused as error:
        log.warning("A call came past the gateway: %s", str(error)[:200])
        detail = "This service answers what the gateway hands on, and nobody else."
        raise Problem(403, "not_by_the_gateway", detail) from error
    g.client_address = request.headers.get(CLIENT_ADDRESS)


def _who(said: Declared) -> None:
    if said.door is Door.SIGNED:
        return
    header = request.headers.get("Authorization")
    if header is not None:
        _sign_in(header)
    if said.door is Door.ANYONE:
        return
    identity = current_identity()
    if identity.role not in said.roles:
        log.info("%s was refused as %s.", identity.subject, identity.role)
        raise Problem(403, "not_allowed", f"This is not for the role {identity.role}.")


def _sign_in(header: str) -> None:
    scheme, _, token = header.partition(" ")
    try:
        # Another scheme's words are no token either, and are refused as such.
        named = token if scheme.lower() == "bearer" else ""
        g.identity = current_runtime().tokens.identity(named.strip())
    except TokenRefused as error:
        log.info("A token was refused: %s", str(error)[:200])
        raise Problem(
            401,
            "token_refused",
            "The access token is not valid, or no longer.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},  # RFC 6750 section 3
        ) from error


def _address() -> None:
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError as error:  # Flask would look for the bytes' numbers instead
        raise Problem(400, "bad_address", "The address is not UTF-8.") from error
    if "\x00" in request.path or any("\x00" in text for text in request.args.values()):
        raise Problem(400, "bad_address", "The address holds a NUL character.")
    for name, values in request.args.lists():
        if len(values) > 1:
            raise Problem(400, "duplicate_parameter", f"The parameter {name[:64]} stands twice.")


def _body(said: Declared) -> None:
    chunked = "Transfer-Encoding" in request.headers
    if not request.content_length and not chunked:
        return
    if said.streamed:
        _prepare_stream(said)
    else:
        request.max_content_length = said.at_most
        told = None if chunked else request.content_length
        _must_be_whole(_read(), told=told, at_most=said.at_most)
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype in said.accepts and (request.mimetype != JSON or charset == "utf-8"):
        return
    wanted = ", ".join(sorted(said.accepts))
    raise Problem(
        415, "unsupported_media_type", f"The body must be {wanted}.", headers={"Accept": wanted}
    )


def _prepare_stream(said: Declared) -> None:
    """Let one byte more through than is allowed, so that `body_pieces` sees that there is more."""
    if (request.content_length or 0) > said.at_most:
        raise RequestEntityTooLarge
    request.max_content_length = said.at_most + 1


def _read() -> bytes:
    try:
        return request.get_data(cache=True)
    except ParseException as error:  # gunicorn looks at the chunks when we do, not before
        raise Problem(400, "malformed_body", "The body's chunks cannot be read.") from error


def _must_be_whole(body: bytes, *, told: int | None, at_most: int) -> None:
    """A cut body is not the body that was sent.

    Werkzeug cuts one of untold length off at the limit and says nothing; gunicorn gives what came
    of one whose sender hung up (RFC 9112 section 8: such a message is not complete).
    """
    if told is None and len(body) >= at_most:
        raise RequestEntityTooLarge
    if told is not None and len(body) < told:
        raise Problem(400, "body_cut_off", "The body ended before the length that was told.")
