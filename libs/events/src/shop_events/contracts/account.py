"""Events published by the account service."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from shop_events.contract import Event, Kind, event


class Channel(StrEnum):
    """How somebody is reached."""

    EMAIL = "email"
    PHONE = "phone"


class CodePurpose(StrEnum):
    """What a code or a link is for; each has its own words in a mail."""

    VERIFY = "verify"  # this address is mine
    ALREADY_REGISTERED = "already_registered"  # somebody tried to register with my address
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a name
    CHANGE_ADDRESS = "change_address"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a name
    NEW_DEVICE = "new_device"


class ChangeStep(StrEnum):
    """Which of the messages about a changed address or number one is."""

    NEW = "new"  # this new one is mine
    OLD = "old"  # this one may be given up for a new one
    DONE = "done"  # a notice: one was added, replaced or removed


class MerchantStatus(StrEnum):
    """Whether a merchant may sell."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


@event("account.registered", version=1, by="account", key="account_id")
class AccountRegistered(Event):
    """Somebody opened an account. Nothing about them is verified yet."""

    account_id: str
    channels: tuple[Channel, ...]
    referral_code: str | None = None


@event("account.verified", version=1, by="account", key="account_id")
class AccountVerified(Event):
    """Somebody proved that an address of their account is theirs."""

    account_id: str
    channel: Channel


@event(
    "account.contact_changed",
    version=1,
    by="account",
    key="account_id",
    kind=Kind.PRIVATE,
    listeners=("notification",),
)
class AccountContactChanged(Event):
    """How somebody is reached now, whole: verified addresses only. Names a person.

    An older ``version`` never replaces a newer one.
    """

    account_id: str
    email: str | None
    phone: str | None
    locale: str
    display_name: str
    version: int


@event(
    "account.code_issued",
    version=1,
    by="account",
    key="code_id",
    kind=Kind.PRIVATE,
    listeners=("notification",),
)
class AccountCodeIssued(Event):
    """A message about an account is to be sent at once to this very address.

    ``code`` is typed, ``link_token`` is carried by a link; a notice without either has neither.
    ``step`` tells messages with the purpose ``change_address`` apart.
    """

    code_id: str
    channel: Channel
    address: str
    purpose: CodePurpose
    locale: str
    expires_at: datetime
    code: str | None = None
    link_token: str | None = None
    step: ChangeStep | None = None


@event("account.sessions_revoked", version=1, by="account", key="account_id")
class AccountSessionsRevoked(Event):
    """Access tokens of these sessions, issued until then, count no more; without ids: all."""

    account_id: str
    session_ids: tuple[str, ...]
    at: datetime


@event("account.disabled", version=1, by="account", key="account_id")
class AccountDisabled(Event):
    """The account may do nothing until it is enabled again."""

    account_id: str
    at: datetime


@event("account.enabled", version=1, by="account", key="account_id")
class AccountEnabled(Event):
    """The account may sign in again. What was revoked before stays revoked."""

    account_id: str
    at: datetime


@event("account.erased", version=1, by="account", key="account_id")
class AccountErased(Event):
    """The person behind the account is to be forgotten by everybody who kept something."""

    account_id: str


@event("merchant.changed", version=1, by="account", key="merchant_id", kind=Kind.STATE)
class MerchantChanged(Event):
    """Who sells here, and whether they may; an older ``version`` never replaces a newer one."""

    merchant_id: str
    name: str
    status: MerchantStatus
    version: int
