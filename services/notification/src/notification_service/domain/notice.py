"""What somebody is to be told, and by which ways."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from shop_events.values import Money


class Kind(StrEnum):
    """What a message is about; each kind has its own words in every language."""

    VERIFY = "verify"
    ALREADY_REGISTERED = "already_registered"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a name
    CHANGE_ADDRESS = "change_address"
    LEAVE_ADDRESS = "leave_address"
    CONTACT_CHANGED = "contact_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a name
    NEW_DEVICE = "new_device"
    ORDER_CONFIRMED = "order_confirmed"
    ORDER_CANCELLED = "order_cancelled"
    PARCEL_SHIPPED = "parcel_shipped"
    PARCEL_DELIVERED = "parcel_delivered"
    REFUNDED = "refunded"
    PAYMENT_UNEXPECTED = "payment_unexpected"


# Codes and security notices: they go out whatever somebody prefers (SECURITY part 1, Notify).
ALWAYS: Final = frozenset(
    {
        Kind.VERIFY,
        Kind.ALREADY_REGISTERED,
        Kind.RESET_PASSWORD,
        Kind.CHANGE_ADDRESS,
        Kind.LEAVE_ADDRESS,
        Kind.CONTACT_CHANGED,
        Kind.PASSWORD_CHANGED,
        Kind.NEW_DEVICE,
    }
)
SWITCHABLE: Final = tuple(kind for kind in Kind if kind not in ALWAYS)


class Channel(StrEnum):
    """A way to tell somebody something."""

    EMAIL = "email"
    SMS = "sms"
    INBOX = "inbox"  # read in the shop; nothing is sent


class NoticeState(StrEnum):
    """How far a notice is."""

    WAITING = "waiting"  # whose order it is, or how they are reached, is not known yet
    TOLD = "told"  # its deliveries are made; each has a state of its own
    GIVEN_UP = "given_up"  # nobody said for a day how to reach them


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """So many of a thing, and what they cost together."""

    sku_id: str
    quantity: int
    payable: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the event said that a message is made of. A message uses those its kind needs.

    ``waybill_version``: how often the carrier's number had been corrected by then.
    """

    lines: tuple[Line, ...] = ()
    shipping: Money | None = None
    amount: Money | None = None
    on_delivery: bool = False
    reason: str | None = None
    carrier: str | None = None
    waybill: str | None = None
    waybill_version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A message about an account, to the very address account named. Kept until it has gone."""

    channel: Channel
    address: str
    locale: str
    expires_at: datetime
    code: str | None = None
    link_token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that happened and that one person is told once.

    ``cause`` is its natural key: ``parcel.shipped:<parcel id>``. A code has no ``account_id``: it
    goes to an address that may be nobody's yet, and is in no inbox.
    """

    id: str
    cause: str
    kind: Kind
    created_at: datetime
    account_id: str | None = None
    order_id: str | None = None
    facts: Facts = field(default_factory=Facts)
    code: Code | None = None
    state: NoticeState = NoticeState.WAITING
    read_at: datetime | None = None
