"""A payment: one attempt to take the money for an order, and what may become of it (P1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from payment_service.domain.errors import IllegalTransition
from shop_events.values import Money


class PaymentState(StrEnum):
    """How far a payment is. Money moves at once here: what is authorised is captured."""

    CREATED = "created"  # the buyer has still to say with which card
    PROCESSING = "processing"  # the provider is, or may have been, asked
    ACTION_REQUIRED = "action_required"  # the provider wants to see the buyer
    CAPTURED = "captured"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    FAILED = "failed"
    CANCELLED = "cancelled"


_S = PaymentState

# The whole life of a payment. Whatever is not here cannot happen.
NEXT: Final[dict[PaymentState, frozenset[PaymentState]]] = {
    _S.CREATED: frozenset({_S.PROCESSING, _S.FAILED, _S.CANCELLED}),
    _S.PROCESSING: frozenset({_S.ACTION_REQUIRED, _S.CAPTURED, _S.FAILED, _S.CANCELLED}),
    _S.ACTION_REQUIRED: frozenset({_S.CAPTURED, _S.FAILED, _S.CANCELLED}),
    _S.CAPTURED: frozenset({_S.PARTIALLY_REFUNDED, _S.REFUNDED}),
    _S.PARTIALLY_REFUNDED: frozenset({_S.REFUNDED}),
    _S.REFUNDED: frozenset(),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset(),
}

# The provider was asked and has not given its last word.
UNSETTLED: Final = frozenset({_S.PROCESSING, _S.ACTION_REQUIRED})
# The provider has taken the money; what went back since is counted in refunds.
TAKEN: Final = frozenset({_S.CAPTURED, _S.PARTIALLY_REFUNDED, _S.REFUNDED})
# An order has at most one payment that is none of these.
OVER: Final = frozenset({_S.REFUNDED, _S.FAILED, _S.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One attempt to take ``amount`` for an order. Its id is the provider's idempotency key."""

    id: str
    order_id: str
    account_id: str
    amount: Money
    method: str
    provider: str
    created_at: datetime
    state: PaymentState = PaymentState.CREATED
    provider_ref: str | None = None
    code: str | None = None  # why it failed
    may_retry: bool = False
    return_url: str | None = None  # where the buyer's browser goes after the provider's page
    action_url: str | None = None  # the provider's page, while it wants to see the buyer

    def to(self, wanted: PaymentState) -> Payment:
        """This payment in the ``wanted`` state.

        Raises:
            IllegalTransition: ``NEXT`` does not lead there from here.
        """
        legal = NEXT[self.state]
        if wanted not in legal:
            raise IllegalTransition(f"payment {self.id}", self.state, wanted, legal)
        return replace(self, state=wanted)

    def captured(self, provider_ref: str) -> Payment:
        """With the money taken; ``provider_ref`` is the provider's name for it."""
        taken = self.to(PaymentState.CAPTURED)
        return replace(taken, provider_ref=provider_ref, action_url=None)

    def failed(self, code: str, *, may_retry: bool) -> Payment:
        """Refused by the provider. ``may_retry``: another attempt may go better."""
        refused = self.to(PaymentState.FAILED)
        return replace(refused, code=code, may_retry=may_retry, action_url=None)

    def waiting_for_buyer(self, url: str) -> Payment:
        """With the provider wanting to see the buyer at ``url`` (3-D Secure)."""
        return replace(self.to(PaymentState.ACTION_REQUIRED), action_url=url)

    def with_paid_back(self, paid_back: Money) -> Payment:
        """As it stands once ``paid_back`` in all went back to the buyer."""
        wanted = PaymentState.PARTIALLY_REFUNDED
        if paid_back == self.amount:
            wanted = PaymentState.REFUNDED
        return self if wanted is self.state else self.to(wanted)

    @property
    def is_taken(self) -> bool:
        """Whether the money was captured, whatever went back since."""
        return self.state in TAKEN

    @property
    def is_unsettled(self) -> bool:
        """Whether only the provider knows what became of it."""
        return self.state in UNSETTLED
