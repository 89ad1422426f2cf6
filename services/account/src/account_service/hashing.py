"""Hashes of passwords: argon2id, so many at a time, with a pepper where there is one.

A hash is kept as ``<pepper's id>$argon2id$...``; without a pepper the id is empty.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from account_service.config import AccountSettings
from account_service.domain.errors import TooBusy
from account_service.domain.password import normalised

WAIT_FOR_A_PLACE_S: Final = 2.0


class Hashing:
    """Makes and checks hashes as the settings say. One a process, so that its places count."""

    def __init__(self, settings: AccountSettings) -> None:
        self._peppers = settings.password_peppers
        self._argon2 = PasswordHasher(
            time_cost=settings.password_passes,
            memory_cost=settings.password_memory_kib,
            parallelism=settings.password_lanes,
            type=Type.ID,
        )
        self._places = threading.BoundedSemaphore(settings.password_hashes_at_once)
        self._lock = threading.Lock()

    def hash(self, password: str) -> str:
        """What is kept of a password.

        Raises:
            TooBusy: no place became free in time.
        """
        name = self._peppers.newest
        mixed = self._peppers.mix(name, normalised(password))
        with self._place():
            return name + self._argon2.hash(mixed)

    def fits(self, stored: str | None, password: str) -> bool:
        """Whether it is that password. It takes as long where there is none (ASVS 6.3.8).

        Raises:
            TooBusy: no place became free in time.
        """
        name, _, rest = (stored or self._nobodys).partition("$")
        try:
            mixed = self._peppers.mix(name, normalised(password))
        except KeyError as error:
            raise LookupError(f"The pepper {name} is needed and not among the settings.") from error
        with self._place():
            try:
                self._argon2.verify(f"${rest}", mixed)
            except (VerificationError, InvalidHashError):
                return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters or another pepper than is usual now."""
        name, _, rest = stored.partition("$")
        return name != self._peppers.newest or self._argon2.check_needs_rehash(f"${rest}")

    def prepare(self) -> None:
        """Make what is checked for people who do not exist, before the first of them comes."""
        with self._lock:
            self._nobodys  # noqa: B018 - computed once

    @cached_property
    def _nobodys(self) -> str:
        return self.hash("nobody has this password")

    @contextmanager
    def _place(self) -> Iterator[None]:
        """46 MiB and a core for each: whoever sends many passwords does not get the machine."""
        if not self._places.acquire(timeout=WAIT_FOR_A_PLACE_S):
            raise TooBusy
        try:
            yield
        finally:
            self._places.release()


@cache
def hashing_of(settings: AccountSettings) -> Hashing:
    """The one for these settings."""
    return Hashing(settings)


@cache
def common_passwords() -> frozenset[str]:
    """The passwords that are guessed first: those of zxcvbn's list that are not too short anyway.

    Read when somebody first chooses a password; it takes a tenth of a second and some memory.
    """
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]

    return frozenset(one for one in FREQUENCY_LISTS["passwords"] if len(one) >= 8)
