"""A payment provider, as far as we need one.

"No" is an answer, "don't know" is an exception or `Pending`: they lead to different ends. Every
call carries a key of ours; the provider answers a repeated key with the first answer and never
moves money twice for it. No call is made inside a database transaction (DOMAIN.md P4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from payment_service.domain.errors import CardTokenUnknown
from shop_events.values import Money

if TYPE_CHECKING:
    from payment_service.outside.pretend_stripe import PretendStripe


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRequired:
    """The provider wants to see the buyer at ``url`` before it takes the money (3-D Secure)."""

    provider_ref: str
    url: str


@dataclass(frozen=True, slots=True)
class Pending:
    """The provider is still at it."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider was never told to take this money; that may still be on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """The money is on its way back."""

    provider_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDeclined:
    """The money will not go back by this key."""

    code: str


QueryAnswer = Captured | Declined | ActionRequired | Pending | NotFound
RefundAnswer = Refunded | RefundDeclined | Pending


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A payment as a provider is asked about it: ``key`` is its id.

    ``ref`` is the provider's own name for it, as far as it was told; ``return_url`` is where the
    buyer's browser goes after the provider's page.
    """

    key: str
    amount: Money
    ref: str | None = None
    return_url: str | None = None


class Provider(Protocol):
    """Takes money and gives it back.

    ``announces``: before money is taken, the payment is announced, which gives it the provider's
    name; that name is recorded before all else, so that whatever has none was never taken.
    Every method raises `ProviderUnavailable` when there was no answer in time.
    """

    name: str
    announces: bool

    def announce(self, wanted: Wanted) -> str | Declined:
        """The provider's name for the payment; no money moves. Repeats give the same name."""

    def capture(self, wanted: Wanted, token: str) -> QueryAnswer:
        """Take the money from the card that ``token`` stands for."""

    def query(self, wanted: Wanted) -> QueryAnswer:
        """What became of the capture."""

    def give_up(self, wanted: Wanted) -> QueryAnswer:
        """Decline a capture that was not carried out, for good; another is answered as it is.

        This makes a lost request definitive: should it arrive after all, it is declined.
        """

    def refund(self, key: str, provider_ref: str, amount: Money) -> RefundAnswer:
        """Give ``amount`` of a capture back. Asked again with the same key, it only answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What this service talks to that is not ours.

    ``by_prefix`` tells whose a card token is by how it begins; no two begin alike.
    ``pretend_stripe`` is there where the card provider pretends, for its pages and controls.
    """

    by_prefix: Mapping[str, Provider]
    pretend_stripe: PretendStripe | None = None

    def of_token(self, token: str) -> Provider:
        """The provider that gave this card token out.

        Raises:
            CardTokenUnknown: none of ours did.
        """
        for prefix, provider in self.by_prefix.items():
            if token.startswith(prefix):
                return provider
        raise CardTokenUnknown

    def named(self, name: str) -> Provider:
        """The provider of a payment.

        Raises:
            ProviderUnavailable: it is not set up here any more.
        """
        for provider in self.by_prefix.values():
            if provider.name == name:
                return provider
        raise ProviderUnavailable(f"The provider {name} is not set up here.")
