"""Account's settings."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self

from chassis.settings import ServiceSettings
from chassis.signing import SigningKeys

_PEPPER: Final = re.compile(r"([a-z0-9-]{1,16})=(\S{16,})")


class Peppers:
    """Secrets that passwords are mixed with and that no database holds, by their ids.

    Written ``newest=secret,older=secret``: the first is for new hashes, the others for those that
    were made with them. Never shown.
    """

    def __init__(self, by_name: dict[str, bytes]) -> None:
        self._by_name = by_name

    @classmethod
    def from_text(cls, text: str) -> Self:
        """
        Raises:
            ValueError: it is not a list of ``id=secret``, each secret of 16 characters at least.
        """
        found = [_PEPPER.fullmatch(part.strip()) for part in text.split(",")]
        pairs = {one[1]: one[2].encode() for one in found if one}
        if len(pairs) != len(found):
            raise ValueError("it is no list of id=secret, with secrets of 16 characters or more")
        return cls(pairs)

    @property
    def newest(self) -> str:
        """The id of the one for new hashes; empty where there is none."""
        return next(iter(self._by_name), "")

    def mix(self, name: str, password: str) -> bytes:
        """The password as it is hashed under the pepper of this id.

        Raises:
            KeyError: there is no such pepper any more.
        """
        if not name:
            return password.encode()
        return hmac.digest(self._by_name[name], password.encode(), "sha256")

    def __repr__(self) -> str:
        return f"Peppers({', '.join(self._by_name) or 'none'})"


@dataclass(frozen=True, kw_only=True)
class AccountSettings(ServiceSettings):
    """What account is told besides.

    The cost of a password's hash is SECURITY.md's: argon2id with 46 MiB and one pass, which takes
    about 70 ms of one core. ``attempts_*`` bound how often passwords and codes are tried in ten
    minutes, from one network and altogether.

    Raises:
        ValueError: an access token would live longer than ten minutes, or nothing be hashed.
    """

    signing_keys: SigningKeys
    password_memory_kib: int = 47_104
    password_passes: int = 1
    password_lanes: int = 1
    password_hashes_at_once: int = 2  # a process
    password_peppers: Peppers = Peppers({})  # noqa: RUF009 - it never changes
    access_token_life_s: int = 600
    attempts_of_a_network: int = 100
    attempts_of_all: int = 6_000

    @property
    def access_token_life(self) -> timedelta:
        """How long an access token counts."""
        return timedelta(seconds=self.access_token_life_s)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 60 <= self.access_token_life_s <= 600:
            raise ValueError(f"access_token_life_s is {self.access_token_life_s}, not 60 to 600.")
        if self.password_hashes_at_once < 1:
            raise ValueError("password_hashes_at_once is less than one.")
