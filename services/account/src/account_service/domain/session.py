"""Sessions: somebody signed in on a device, in one role.

A refresh token counts once and is followed by the next (SECURITY.md part 2, ASVS 10.4). One that
comes again was stolen, or its successor was: nobody knows which, so the whole session ends. Two
tabs that refresh at the same moment are told apart from that by ten seconds of grace.

The next token is worked out from the one before and a nonce kept beside it. So both tabs get the
same one, although only hashes are kept, and the database alone gives nobody a token.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from account_service.domain.account import Part

LONGEST: Final = timedelta(days=30)
IDLE: Final = timedelta(days=7)
GRACE: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody signed in. Over once it was revoked or ``ends_at`` has come.

    ``last_used_at`` never goes back: its newest access token is issued as of that instant.
    """

    id: str
    account_id: str
    part: Part
    merchant_id: str | None
    device: str
    network: str
    created_at: datetime
    last_used_at: datetime
    ends_at: datetime
    revoked_at: datetime | None = None

    def used(self, now: datetime) -> Session:
        """This session as it goes on now. A clock that is behind does not date it back."""
        return replace(self, last_used_at=max(self.last_used_at, now))

    def is_open(self, now: datetime) -> bool:
        """Whether it may go on."""
        in_time = now < self.ends_at and now < self.last_used_at + IDLE
        return self.revoked_at is None and in_time


def after_every_token(sessions: Iterable[Session], now: datetime) -> datetime:
    """When these sessions, which are locked, end: now, but not before their newest tokens.

    Who ends them may have begun before the refresh that they waited for. An instant before its
    token's would let that token through everywhere until it expires.
    """
    return max([now, *(one.last_used_at for one in sessions)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """One refresh token, as far as it is kept."""

    token_hash: str
    session_id: str
    used_at: datetime | None = None
    nonce: str | None = None


class Answer(StrEnum):
    """What a refresh token that comes in deserves."""

    ROTATE = "rotate"
    THE_SAME_AGAIN = "the_same_again"
    REUSED = "reused"


def judge(refresh: Refresh, now: datetime) -> Answer:
    """What a token of an open session deserves."""
    if refresh.used_at is None:
        return Answer.ROTATE
    in_time = now - refresh.used_at <= GRACE
    return Answer.THE_SAME_AGAIN if in_time else Answer.REUSED


def new_token() -> str:
    """The first refresh token of a session."""
    return secrets.token_urlsafe(32)


def new_nonce() -> str:
    """What makes the next token another one."""
    return secrets.token_hex(32)


def successor(token: str, nonce: str) -> str:
    """The token that follows this one."""
    digest = hmac.digest(token.encode(), nonce.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """What is kept of a refresh token: it has 256 bits, a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
