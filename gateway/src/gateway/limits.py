"""How often somebody may call (SECURITY.md part 3, API4): by person and by network address."""

from __future__ import annotations

import ipaddress
import logging
import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from chassis.problems import Problem
from gateway.routes import Limit, Route
from gateway.settings import Rates
from gateway.store import Bucket, Buckets, StoreFailed

log = logging.getLogger(__name__)

AGAIN_AFTER_S: Final = 2
# Guessing passwords and moving money uncounted is worse than not being served.
CLOSED_WITHOUT_COUNTERS: Final = frozenset({Limit.LOGIN, Limit.CHECKOUT})


class Limits:
    """Counts calls, and refuses those that are too many."""

    def __init__(self, buckets: Buckets, rates: Rates) -> None:
        self._buckets = buckets
        self._rates = rates

    def count(self, route: Route, *, address: str, subject: str | None) -> None:
        """Count one call. A call that is refused is not counted.

        Raises:
            Problem: 429, too many; 503, calls cannot be counted and this one must be.
        """
        try:
            wait_s = self._buckets.take(self._of(route, address, subject))
        except StoreFailed as error:
            log.warning("Calls cannot be counted: %s", error)
            if route.limit in CLOSED_WITHOUT_COUNTERS:
                detail = "Calls cannot be counted just now, and this one must be."
                headers = {"Retry-After": str(AGAIN_AFTER_S)}
                raise Problem(503, "unavailable", detail, headers=headers) from error
            return
        if wait_s:
            raise Problem(
                429,
                "too_many_requests",
                "That was too often. Come again a little later.",
                headers={"Retry-After": str(math.ceil(wait_s))},
            )

    def _of(self, route: Route, address: str, subject: str | None) -> Iterator[Bucket]:
        rate = self._rates.of(route.limit)
        yield Bucket(f"{route.limit}@{_neighbourhood(address)}", rate.address)
        if subject is not None:
            yield Bucket(f"{route.limit}:{subject}", rate.person)


@lru_cache(maxsize=4_096)
def _neighbourhood(address: str) -> str:
    """An IPv6 network of one customer counts as one: it holds more addresses than we can count."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
