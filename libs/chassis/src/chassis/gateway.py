"""The gateway's word to a service: this request came in through me (SECURITY.md part 2).

A short token for one service, signed with a key of the gateway's own. It proves the way a request
took and says nothing about who asks: that is the access token's, which every service checks itself.

Its clock is the machine's, also where a development shop's clock is moved: what it bounds is how
long a stolen token could be of use, and no rule of the shop hangs on it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

import jwt

from chassis.strict_json import BadJson
from chassis.tokens import KeySet, SigningKey, TokenRefused, instant, verified

HEADER: Final = "X-Gateway-Token"
CLIENT_ADDRESS: Final = "X-Client-Address"
TYPE: Final = "gw+jwt"
LIFE_S: Final = 60
LEEWAY_S: Final = 5
_KEPT: Final = 64  # a gateway's processes use one token each for half its life


class GatewayCheck:
    """Says whether a token is the gateway's, for this service and for now."""

    def __init__(self, keys: KeySet, *, service: str, now: Callable[[], float] = time.time) -> None:
        self._keys = keys
        self._service = service
        self._now = now
        self._ends: dict[str, float] = {}
        self._lock = threading.Lock()

    def check(self, token: str) -> None:
        """Let a good token pass; it is verified once and remembered until it ends.

        Raises:
            TokenRefused: anything at all is wrong with it.
        """
        now = self._now()
        if now < self._ends.get(token, 0.0):
            return
        try:
            end = self._end_of(token, now)
        except (BadJson, jwt.PyJWTError, KeyError, ValueError, TypeError) as error:
            raise TokenRefused(f"{type(error).__name__}: {error}") from error
        self._remember(token, end, now)

    def _end_of(self, token: str, now: float) -> float:
        claims = verified(token, keys=self._keys, kind=TYPE).claims
        if claims["aud"] != self._service:
            raise ValueError("The token is for another service.")
        issued, end = _seconds(instant(claims, "iat")), _seconds(instant(claims, "exp"))
        if end - issued > LIFE_S:
            raise ValueError("The token lives longer than a gateway's may.")
        if not issued - LEEWAY_S <= now < end + LEEWAY_S:
            raise ValueError("The token is not for now.")
        return end + LEEWAY_S

    def _remember(self, token: str, end: float, now: float) -> None:
        with self._lock:
            if len(self._ends) >= _KEPT:
                living = {one: until for one, until in self._ends.items() if now < until}
                self._ends = living if len(living) < _KEPT else {}
            self._ends[token] = end


def mint(key: SigningKey, *, service: str, now: float, life_s: int = LIFE_S) -> str:
    """A gateway's token for ``service``."""
    claims = {"aud": service, "iat": int(now), "exp": int(now) + life_s}
    headers = {"kid": key.name, "typ": TYPE}
    return jwt.encode(claims, key.private, algorithm="EdDSA", headers=headers)


def _seconds(at: datetime) -> float:
    return at.timestamp()
