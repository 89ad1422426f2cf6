"""Secrets that are sent to people to prove that they can be reached there.

A mail carries a link with a token of 256 bits; a text message a code of six digits that is typed.
Only hashes are kept. A secret counts once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from account_service.domain.identifier import Channel, Identifier

CODE_TRIES: Final = 5  # FEATURES row 3
BETWEEN_MESSAGES: Final = timedelta(seconds=60)
MESSAGES_A_DAY: Final = 10


class Purpose(StrEnum):
    """What a secret is good for; each is good for one thing alone."""

    VERIFY = "verify"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a name
    CHANGE_ADDRESS = "change_address"  # sent to the new one: it is mine
    LEAVE_ADDRESS = "leave_address"  # sent to the old one: give it up for the new one


MOVING: Final = (Purpose.CHANGE_ADDRESS, Purpose.LEAVE_ADDRESS)

# FEATURES row 2 for links that verify an address; SECURITY.md part 1 for the others.
LIFE: Final = {
    (Purpose.VERIFY, Channel.EMAIL): timedelta(hours=24),
    (Purpose.VERIFY, Channel.PHONE): timedelta(minutes=10),
    (Purpose.RESET_PASSWORD, Channel.EMAIL): timedelta(minutes=30),
    (Purpose.RESET_PASSWORD, Channel.PHONE): timedelta(minutes=10),
    **dict.fromkeys([(one, Channel.EMAIL) for one in MOVING], timedelta(hours=24)),
    **dict.fromkeys([(one, Channel.PHONE) for one in MOVING], timedelta(minutes=10)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One secret that was sent. What it is good for once it comes back stands beside it.

    A registration is as good as its secret: whoever proves the address gets the password that was
    chosen with *that* message, so nobody can choose one for somebody else's address beforehand.
    """

    id: str
    account_id: str
    identifier: Identifier
    purpose: Purpose
    secret_hash: str = ""
    expires_at: datetime
    tries: int = 0
    password_hash: str | None = None
    display_name: str | None = None

    def answers(self, secret: str, now: datetime) -> bool:
        """Whether this is the secret, and it still counts."""
        fits = hmac.compare_digest(self.secret_hash, hash_of(secret, self.salt))
        return fits and now < self.expires_at and self.tries <= CODE_TRIES

    def with_secret(self, secret: str) -> Code:
        """This one, good for whoever knows the secret."""
        return replace(self, secret_hash=hash_of(secret, self.salt))

    def tried(self) -> Code:
        """This one after somebody typed something."""
        return replace(self, tries=self.tries + 1)

    @property
    def salt(self) -> str:
        """Six digits are few: the same ones must not look the same twice."""
        return self.id if self.identifier.channel is Channel.PHONE else ""


def new_secret(channel: Channel) -> str:
    """A token for a link, or a code to be typed."""
    if channel is Channel.EMAIL:
        return secrets.token_urlsafe(32)
    return f"{secrets.randbelow(1_000_000):06d}"


def hash_of(secret: str, salt: str = "") -> str:
    """What is kept of a secret. A token has 256 bits: a slow hash would add nothing."""
    return hashlib.sha256(f"{salt}{secret}".encode()).hexdigest()
