"""Signs in to the shop as people do, and shows a token that still counts with every request."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from shop_suite.caller import Caller

EARLY_S: Final = 60.0  # a session is opened anew so long before its token ends


def nobody() -> str:
    """The token of somebody unknown: none."""
    return ""


class SignedIn:
    """The access tokens of one person; gives one when called. Thread-safe."""

    def __init__(
        self,
        address: Callable[[str], str],
        *,
        email: str,
        password: str,
        role: str,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """``now`` gives seconds of the shop's own clock, where somebody moves it."""
        self._door = Caller(nobody, address=address)
        self._said = {"identifier": email, "password": password, "role": role}
        self._now = now
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0

    def __call__(self) -> str:
        """A token; signs in where there is none that lives for another minute.

        Raises:
            Refused: address or password are wrong.
        """
        with self._lock:
            if self._now() > self._good_until:
                answer = self._door.post("/auth/login", self._said)
                self._token = str(answer["access_token"])
                self._good_until = self._now() + float(answer["expires_in"]) - EARLY_S
            return self._token
