"""An account: somebody who may sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from account_service.domain.errors import NotThatRole
from account_service.domain.identifier import Identifier
from account_service.domain.identifier_errors import (
    IdentifierNotFound,
    LastIdentifier,
    OthersTooNew,
)

NEWS_FOR: Final = timedelta(days=1)  # as long as the notice of a new address has to be read


class Status(StrEnum):
    """Whether an account may be used."""

    ACTIVE = "active"
    DISABLED = "disabled"


class Part(StrEnum):
    """What somebody is here as. The words are those of access tokens."""

    SHOPPER = "shopper"
    MERCHANT = "merchant"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Whom an account works for besides buying: a merchant, or the shop itself."""

    part: Part
    merchant_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody. Without a password hash nothing about them is verified yet.

    ``version`` counts what others are told of how they are reached.
    """

    id: str
    display_name: str
    locale: str
    status: Status
    password_hash: str | None
    version: int
    created_at: datetime
    identifiers: tuple[tuple[Identifier, datetime | None], ...] = ()  # with when it was verified
    staff: Staff | None = None

    @property
    def verified(self) -> tuple[Identifier, ...]:
        """The identifiers that were proved to be theirs."""
        return tuple(one for one, verified_at in self.identifiers if verified_at is not None)

    def must_do_without(self, gone: Identifier, now: datetime) -> None:
        """Whether somebody is still known by another address or number that is surely theirs.

        One that was added later than this one, and less than a day ago, does not count: with it
        somebody who knows the password would get around asking at the old one (FEATURES row 2).

        Raises:
            IdentifierNotFound: it is none of theirs.
            LastIdentifier: there is no other one.
            OthersTooNew: there are, and none that counts yet.
        """
        known = {one: at for one, at in self.identifiers if at is not None}
        if gone not in known:
            raise IdentifierNotFound(gone)
        since = known.pop(gone)
        if not known:
            raise LastIdentifier(gone)
        oldest = min(known.values())
        if oldest > since and now < oldest + NEWS_FOR:
            raise OthersTooNew(gone, oldest + NEWS_FOR)

    @property
    def parts(self) -> tuple[Part, ...]:
        """All they may sign in as."""
        return (Part.SHOPPER, self.staff.part) if self.staff else (Part.SHOPPER,)

    def part(self, wanted: Part | None) -> Part:
        """What a session is for: as wanted, or else their staff role, or else a shopper's.

        Raises:
            NotThatRole: they are not that.
        """
        if wanted is None:
            return self.parts[-1]
        if wanted not in self.parts:
            raise NotThatRole(wanted)
        return wanted

    def merchant_for(self, part: Part) -> str | None:
        """The merchant a session of this role is bound to."""
        return self.staff.merchant_id if self.staff and part is Part.MERCHANT else None
