"""Who is calling."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is here as. Carriers and payment providers have no token: they sign."""

    SHOPPER = "shopper"
    MERCHANT = "merchant"  # bound to one merchant
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody with a valid access token.

    Raises:
        ValueError: a merchant without a merchant's id, or another role with one.
    """

    subject: str  # the account's id
    role: Role
    session_id: str
    merchant_id: str | None = None

    def __post_init__(self) -> None:
        if (self.role is Role.MERCHANT) is not bool(self.merchant_id):
            raise ValueError("A merchant's token names its merchant, and no other token does.")
