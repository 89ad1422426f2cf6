"""A payment provider, as far as we need one.

"No" is an answer, "don't know" is an exception or `Pending`: they lead to different ends. Every
call carries a key of ours; the provider answers a repeated key with the first answer and never
moves money twice for it. No call is made inside a database transaction (DOMAIN.md P4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from shop_events.values import Money


class ProviderUnavailable(Exception):
    """No answer in time. The money may or may not have moved; only asking again can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """The money was taken. ``provider_ref`` is the provider's own name for it."""

    provider_ref: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The money was not taken and, for this key, never will be."""

    code: str
    may_retry: bool


@dataclass(frozen=True, slots=True)
class Pending:
    """The provider is still at it."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider never heard of this key so far; it may still be on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """The money is on its way back."""

    provider_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDeclined:
    """The money will not go back by this key."""

    code: str


CaptureAnswer = Captured | Declined
QueryAnswer = Captured | Declined | Pending | NotFound
RefundAnswer = Refunded | RefundDeclined


class Provider(Protocol):
    """Takes money and gives it back.

    Every method raises `ProviderUnavailable` when there was no answer in time.
    """

    name: str

    def capture(self, key: str, amount: Money, token: str) -> CaptureAnswer:
        """Take ``amount`` from the card that ``token`` stands for."""

    def query(self, key: str) -> QueryAnswer:
        """What became of the capture with this key."""

    def give_up(self, key: str) -> QueryAnswer:
        """Decline a capture that has not arrived, for good; one that has is answered as it is.

        This makes a lost request definitive: should it arrive after all, it is declined.
        """

    def refund(self, key: str, provider_ref: str, amount: Money) -> RefundAnswer:
        """Give ``amount`` of a capture back. Asked again with the same key, it only answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What this service talks to that is not ours."""

    provider: Provider
