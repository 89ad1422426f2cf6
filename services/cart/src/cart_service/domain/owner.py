"""Whose cart it is: an account's, a guest's whose token opens one, or nobody's so far."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

LONGEST_TOKEN: Final = 128
_TOKEN_BYTES: Final = 32  # 256 random bits; nobody guesses a cart (SECURITY part 3, API1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """An account, or the guest cart that a token opened; neither: a visitor without a cart."""

    account_id: str | None = None
    guest_cart_id: str | None = None

    @property
    def scope(self) -> str | None:
        """Whose idempotency keys these are; None: nobody's, so no answer can be kept."""
        if self.account_id is not None:
            return self.account_id
        return f"cart:{self.guest_cart_id}" if self.guest_cart_id else None


def new_token() -> str:
    """A fresh token for a guest's cart. It is shown once; only its digest is kept."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def digest(token: str) -> str | None:
    """What is kept of a token; None if it cannot be one of ours."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        return None
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
