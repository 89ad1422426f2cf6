"""Who can sign in to a fresh development shop, and with what.

Every shop has passwords of its own, made when it is opened the first time and kept beside its data:
a password that stands in a repository is known to everybody (SECURITY.md part 1, ASVS 6.3.2).
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shop_suite.town.goods import merchants

FILE: Final = "logins.json"
SHOPPER: Final = "ann@demo.example"
ADMIN: Final = "admin@demo.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One account of the demo shop."""

    email: str
    password: str
    role: str  # shopper, merchant or admin
    display_name: str
    merchant_id: str | None = None
    merchant_name: str | None = None


def logins_in(folder: Path) -> tuple[Login, ...]:
    """The shopper, the merchants and the admin of the shop whose data lies in ``folder``."""
    passwords = _passwords(folder / FILE)
    sellers = [
        Login(
            email=one.email,
            password=passwords[one.email],
            role="merchant",
            display_name=one.name,
            merchant_id=one.id,
            merchant_name=one.name,
        )
        for one in merchants()
    ]
    ann = Login(email=SHOPPER, password=passwords[SHOPPER], role="shopper", display_name="Ann")
    admin = Login(
        email=ADMIN, password=passwords[ADMIN], role="admin", display_name="Market office"
    )
    return (ann, *sellers, admin)


class NoSuchLogin(LookupError):
    """The town has no such login, or was never opened."""


def login_of(who: str, folder: Path) -> Login:
    """The login by its role, its merchant's id or its address.

    Raises:
        NoSuchLogin: there is none; the message names those there are.
    """
    known = logins_in(folder) if (folder / FILE).exists() else ()
    for one in known:
        if who in (one.email, one.merchant_id, one.role):
            return one
    names = ", ".join(one.merchant_id or one.role for one in known)
    raise NoSuchLogin(f"{folder} knows {names or 'nobody yet: run `make run` first'}; not {who}.")


def _passwords(path: Path) -> dict[str, str]:
    if not path.exists():
        emails = (SHOPPER, ADMIN, *(one.email for one in merchants()))
        made = json.dumps({email: secrets.token_urlsafe(12) for email in emails}, indent=2)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write(made)
    read: dict[str, str] = json.loads(path.read_text())
    return read
