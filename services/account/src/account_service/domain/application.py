"""What somebody tells who registers."""

from __future__ import annotations

from dataclasses import dataclass

from account_service.domain.code import Purpose
from account_service.domain.identifier import Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Name, language and password of somebody who wants an account; the password is a hash."""

    password_hash: str
    display_name: str
    locale: str
    referral_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A message somebody asked for, and what they want an account with if they register.

    ``account_id``: who wants to be reached by the identifier, or no more.
    """

    identifier: Identifier
    purpose: Purpose
    application: Application | None = None
    account_id: str | None = None
