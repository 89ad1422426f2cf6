"""Hands a call on to its service, and says in plain words when that does not answer."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from chassis.gateway import LIFE_S, mint
from chassis.problems import Problem
from chassis.signing import SigningKeys
from gateway.breaker import REST_S, Breaker
from gateway.routes import Route
from gateway.upstream import Answer, TooSlow, Unreachable, Upstream

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

log = logging.getLogger(__name__)


class Services:
    """Every service there is, each behind a breaker of its own."""

    def __init__(
        self,
        upstreams: Mapping[str, Upstream],
        signing_keys: SigningKeys | None,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        """``signing_keys``: where the services demand the gateway's word (`chassis.gateway`)."""
        self._upstreams: Final = dict(upstreams)
        self._breakers = {name: Breaker() for name in upstreams}
        self._keys = signing_keys
        self._now = now
        self._words: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        """The services there are."""
        return sorted(self._upstreams)

    def call(self, route: Route, call: WSGIEnvironment) -> Answer:
        """The service's answer.

        Raises:
            Problem: 503, it is down, or there is none; 504, it did not answer in time.
        """
        upstream, breaker = self._upstreams.get(route.to), self._breakers.get(route.to)
        if upstream is None or breaker is None:
            raise _down(route.to, REST_S, "is not there")
        if wait_s := breaker.wait_s():
            raise _down(route.to, wait_s, "does not answer just now")
        self._sign(route.to, call)
        call["HTTP_X_DEADLINE_MS"] = str(int(route.deadline_s * 1000))
        try:
            answer = upstream.answer(call, within_s=route.deadline_s, streamed=route.streamed)
        except Unreachable as error:
            breaker.failed()
            log.warning("%s gave no answer: %s", route.to, error)
            raise _down(route.to, 1, "broke off" if error.sent else "does not answer") from error
        except TooSlow as error:
            breaker.failed()
            log.warning("%s was too slow: %s", route.to, error)
            raise _too_slow(route) from error
        breaker.succeeded()
        return answer

    def _sign(self, service: str, call: WSGIEnvironment) -> None:
        if self._keys is None:
            return
        word, renew_at = self._words.get(service, ("", 0.0))
        now = self._now()
        if now >= renew_at:
            with self._lock:
                word = mint(self._keys.signing(), service=service, now=now)
                self._words[service] = (word, now + LIFE_S / 2)
        call["HTTP_X_GATEWAY_TOKEN"] = word


def _down(service: str, wait_s: float, what: str) -> Problem:
    detail = f"The {service} service {what}. What was sent with an Idempotency-Key may be repeated."
    headers = {"Retry-After": str(max(1, math.ceil(wait_s)))}
    return Problem(503, "unavailable", detail, headers=headers)


def _too_slow(route: Route) -> Problem:
    detail = (
        f"The {route.to} service did not answer within {route.deadline_s:g} seconds. It may have "
        "done what was asked: look, or repeat it with the same Idempotency-Key."
    )
    return Problem(504, "too_slow", detail)
