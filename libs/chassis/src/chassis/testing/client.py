"""Somebody who calls a service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Flask
from werkzeug.test import TestResponse

from chassis.http.app import PREFIX
from chassis.http.json_out import write
from chassis.identity import Identity, Role
from chassis.tokens import SigningKey
from shop_events import Clock, new_id

ISSUER_KEY: Final = SigningKey.generate("bench-key")
_OUTSIDE_API: Final = ("/api/", "/health/", "/openapi.json", "/.well-known/")


def shopper(name: str = "ann") -> Identity:
    """A shopper whose account id is ``name``."""
    return Identity(subject=name, role=Role.SHOPPER, session_id=f"session-of-{name}")


def merchant(name: str = "mo", *, of: str = "m-1") -> Identity:
    """Somebody who works for the merchant ``of``."""
    return Identity(
        subject=name, role=Role.MERCHANT, session_id=f"session-of-{name}", merchant_id=of
    )


def admin(name: str = "ada") -> Identity:
    """Somebody who runs the shop."""
    return Identity(subject=name, role=Role.ADMIN, session_id=f"session-of-{name}")


class Client:
    """Sends JSON, a fresh token of ``identity`` and, with each POST, a new idempotency key.

    Addresses are written as in API.md: ``/orders`` is ``/api/v1/orders``. ``key`` repeats a
    request; ``key=""`` sends none.
    """

    def __init__(self, app: Flask, identity: Identity | None, clock: Clock) -> None:
        self._http = app.test_client()
        self._identity = identity
        self._clock = clock

    def get(self, path: str, **options: Any) -> TestResponse:
        """GET; ``query_string={...}`` and ``headers={...}`` as in werkzeug."""
        return self.send("GET", path, **options)

    def post(
        self, path: str, body: object = None, *, key: str | None = None, **options: Any
    ) -> TestResponse:
        """POST ``body`` as JSON; without one, an empty body."""
        headers = dict(options.pop("headers", None) or {})
        if key != "":
            headers.setdefault("Idempotency-Key", key or new_id())
        return self.send("POST", path, body, headers=headers, **options)

    def put(self, path: str, body: object = None, **options: Any) -> TestResponse:
        """PUT ``body`` as JSON."""
        return self.send("PUT", path, body, **options)

    def patch(self, path: str, body: object = None, **options: Any) -> TestResponse:
        """PATCH with ``body`` as JSON."""
        return self.send("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        """DELETE."""
        return self.send("DELETE", path, **options)

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> TestResponse:
        """Any method; bytes as ``data=...`` with a ``content_type=...`` of your own."""
        sent = {**self._token(), **(headers or {})}
        if body is not None:
            options |= {"data": write(body), "content_type": "application/json"}
        address = path if path.startswith(_OUTSIDE_API) else PREFIX + path
        return self._http.open(address, method=method, headers=sent, **options)

    def _token(self) -> dict[str, str]:
        if self._identity is None:
            return {}
        token = ISSUER_KEY.mint(self._identity, now=self._clock.now())
        return {"Authorization": f"Bearer {token}"}
