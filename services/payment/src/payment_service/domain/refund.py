"""A refund: money that goes back, once, for one cause (P3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from payment_service.domain.errors import IllegalTransition
from shop_events.values import Money


class RefundState(StrEnum):
    """How far a refund is."""

    WAITING = "waiting"  # for the order's confirmation, or for what people pay back of it
    REQUESTED = "requested"  # the provider is to be asked
    PROCESSING = "processing"  # the provider was asked and did not answer in time
    SUCCEEDED = "succeeded"
    FAILED = "failed"  # nothing went back; people must look
    REVERSED = "reversed"  # it went back, and came back to us: it is still owed to the buyer
    MANUAL = "manual"  # people have paid it back by hand
    COVERED = "covered"  # people had paid all of it back before it was asked for


_S = RefundState

# The whole life of a refund. Whatever is not here cannot happen.
NEXT: Final[dict[RefundState, frozenset[RefundState]]] = {
    _S.WAITING: frozenset({_S.REQUESTED, _S.SUCCEEDED, _S.FAILED, _S.COVERED}),
    _S.REQUESTED: frozenset({_S.PROCESSING, _S.SUCCEEDED, _S.FAILED}),
    _S.PROCESSING: frozenset({_S.SUCCEEDED, _S.FAILED}),
    _S.SUCCEEDED: frozenset({_S.REVERSED}),
    _S.FAILED: frozenset({_S.MANUAL}),
    _S.REVERSED: frozenset({_S.MANUAL}),
    _S.MANUAL: frozenset(),
    _S.COVERED: frozenset(),
}

# The provider is asked, or about to be: nobody knows yet how it ends.
UNDER_WAY: Final = frozenset({_S.REQUESTED, _S.PROCESSING})
# Given back in our books: by the provider, by hand, or by hand soon.
GIVEN_BACK: Final = frozenset({_S.SUCCEEDED, _S.REVERSED, _S.MANUAL})
# Counted against what was captured: the money went back, may have, or is still owed.
COUNTED: Final = UNDER_WAY | GIVEN_BACK

BY_HAND: Final = "by_hand:"  # begins the cause of what a merchant or an admin asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """An amount that belongs to a merchant, for a line or (``line_id`` None) for shipping."""

    merchant_id: str
    line_id: str | None
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """``amount`` of an order's money, to be paid back. Its id is the provider's key.

    ``cause`` is its natural key. Without ``shares`` nobody earned anything with it yet.
    """

    id: str
    order_id: str
    cause: str
    amount: Money
    shares: tuple[Share, ...]
    reason: str
    payment_id: str | None = None
    state: RefundState = RefundState.WAITING
    code: str | None = None

    def to(self, wanted: RefundState, *, code: str | None = None) -> Refund:
        """This refund in the ``wanted`` state.

        Raises:
            IllegalTransition: ``NEXT`` does not lead there from here.
        """
        legal = NEXT[self.state]
        if wanted not in legal:
            raise IllegalTransition(f"refund {self.id}", self.state, wanted, legal)
        return replace(self, state=wanted, code=code)

    @property
    def by_hand(self) -> bool:
        """Whether a merchant or an admin asked for it."""
        return self.cause.startswith(BY_HAND)

    @property
    def is_open(self) -> bool:
        """Whether it has neither succeeded nor failed so far."""
        return self.state is RefundState.WAITING or self.state in UNDER_WAY
