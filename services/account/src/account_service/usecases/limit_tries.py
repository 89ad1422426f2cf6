"""Keep passwords and codes from being guessed (SECURITY.md part 1, brute force)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from account_service.config import AccountSettings
from account_service.domain.identifier import Identifier
from account_service.domain.throttle import Delay, Quota
from account_service.store import throttles
from chassis.runtime import settings_of
from shop_events import Tx

STRETCH: Final = timedelta(minutes=10)


def limit_tries(tx: Tx, *, network: str, of: str | None = None) -> None:
    """Count one more try: of one thing, from one network, and of all. Counters are locked in this
    order everywhere.

    Raises:
        TooManyTries: not yet; then nothing was counted.
    """
    settings = settings_of(tx, AccountSettings)
    if of is not None:
        throttles.count(tx.connection, f"try:{of}", Delay(), tx.now)
    quota = Quota(settings.attempts_of_a_network, STRETCH)
    throttles.count(tx.connection, f"network:{network}", quota, tx.now)
    throttles.count(tx.connection, "all", Quota(settings.attempts_of_all, STRETCH), tx.now)


def forgive_try(tx: Tx, of: str) -> None:
    """The last one was right; what was counted under other keys stays counted."""
    throttles.forget(tx.connection, f"try:{of}")


def forgive_tries(tx: Tx, identifiers: Iterable[Identifier]) -> None:
    """Start from nothing for these people: they proved who they are, or an admin says so."""
    for identifier in identifiers:
        throttles.forget_like(tx.connection, f"try:{identifier.fingerprint}")
