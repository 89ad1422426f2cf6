"""What can go wrong with a payment or a refund, in the words of who asked for it.

PaymentError                     409 unless stated
├── PaymentNotFound              404
├── PayableNotFound              404
├── RefundNotFound               404
├── OrderNotPayableYet           asking again later helps
├── OrderNotPayable
├── PaymentInProgress
├── MethodNotOffered
├── NothingCaptured
├── ExceedsCaptured
├── ExceedsLine
├── CardTokenNeeded              422
├── CardTokenUnknown             422
├── SignatureRefused             401
├── CallbackUnreadable           422
├── CallbackMismatch             422
├── BillOfNobody                 422
├── BillUnreadable               422
├── BillDiffers
├── SimulatorSilent
└── IllegalTransition
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from shop_events.values import Money


def spoken(amount: Money) -> str:
    """An amount as people read it: 19.90 CNY."""
    return f"{amount.amount} {amount.currency}"


class PaymentError(Exception):
    """Something about money cannot be done as asked."""

    code = "payment_error"
    status = 409


class PaymentNotFound(PaymentError):
    """There is no such payment, or it is somebody else's: nobody can tell the two apart."""

    code = "payment_not_found"
    status = 404

    def __init__(self, payment_id: str) -> None:
        super().__init__(f"There is no payment {payment_id}.")
        self.payment_id = payment_id


class PayableNotFound(PaymentError):
    """The order is somebody else's."""

    code = "order_not_found"
    status = 404

    def __init__(self, order_id: str) -> None:
        super().__init__(f"There is no order {order_id}.")
        self.order_id = order_id


class RefundNotFound(PaymentError):
    """There is no such refund, or it is somebody else's."""

    code = "refund_not_found"
    status = 404

    def __init__(self, refund_id: str) -> None:
        super().__init__(f"There is no refund {refund_id}.")
        self.refund_id = refund_id


class OrderNotPayableYet(PaymentError):
    """The order was not told to payment yet; it may be in a moment, or never have existed."""

    code = "order_not_payable_yet"
    retry_after_s = 1

    def __init__(self, order_id: str) -> None:
        super().__init__(f"The order {order_id} cannot be paid yet; ask again in a moment.")
        self.order_id = order_id


class OrderNotPayable(PaymentError):
    """Nothing is to be paid for the order, or not any more."""

    code = "order_not_payable"

    def __init__(self, order_id: str, why: str) -> None:
        super().__init__(f"The order {order_id} cannot be paid: {why}.")
        self.order_id = order_id


class PaymentInProgress(PaymentError):
    """The provider has not answered for an earlier payment of the same order."""

    code = "payment_in_progress"
    retry_after_s = 5

    def __init__(self, order_id: str, payment_id: str) -> None:
        super().__init__(f"The payment {payment_id} of the order {order_id} is not settled yet.")
        self.order_id = order_id
        self.payment_id = payment_id


class MethodNotOffered(PaymentError):
    """Nobody can pay online in this way here."""

    code = "method_not_offered"

    def __init__(self, method: str) -> None:
        super().__init__(f"Paying online by {method} is not offered.")
        self.method = method


class NothingCaptured(PaymentError):
    """There is no money of this order that could be paid back."""

    code = "nothing_captured"

    def __init__(self, order_id: str) -> None:
        super().__init__(f"No money of the order {order_id} is here to be paid back.")
        self.order_id = order_id


class ExceedsCaptured(PaymentError):
    """More would be paid back than was captured and not paid back yet (P3)."""

    code = "exceeds_captured"

    def __init__(self, order_id: str, amount: Money, left: Money) -> None:
        words = f"only {spoken(left)} can be paid back, not {spoken(amount)}"
        super().__init__(f"Of the order {order_id} {words}.")
        self.order_id = order_id


class ExceedsLine(PaymentError):
    """More would be paid back for a line than was paid for it."""

    code = "exceeds_line"

    def __init__(self, order_id: str, line_id: str | None) -> None:
        what = f"the line {line_id}" if line_id else "the shipping"
        super().__init__(f"So much was not paid, or is not left, of {what} of {order_id}.")
        self.order_id = order_id


class CardTokenNeeded(PaymentError):
    """The payment waits for a card, and none was named."""

    code = "card_token_needed"
    status = 422
    errors: ClassVar = {"card_token": ["Say with which card: this payment has none yet."]}

    def __init__(self, payment_id: str) -> None:
        super().__init__(f"The payment {payment_id} waits for a card.")
        self.payment_id = payment_id


class CardTokenUnknown(PaymentError):
    """No provider of this shop gave out such a token."""

    code = "card_token_unknown"
    status = 422
    errors: ClassVar = {"card_token": ["This shop works with no provider of such tokens."]}

    def __init__(self) -> None:
        super().__init__("No provider this shop works with gives out such tokens.")


class SignatureRefused(PaymentError):
    """A callback was not signed by the provider, or too long ago."""

    code = "signature_refused"
    status = 401

    def __init__(self, why: str) -> None:
        super().__init__(f"The callback is refused: {why}.")


class CallbackUnreadable(PaymentError):
    """A signed callback has no id or kind by which it could be kept."""

    code = "callback_unreadable"
    status = 422

    def __init__(self) -> None:
        super().__init__("The callback has no id and type of up to 128 characters.")


class BillOfNobody(PaymentError):
    """A bill of somebody who has collected no cash for us; other providers' bills are not read."""

    code = "bill_of_nobody"
    status = 422

    def __init__(self, provider: str, carriers: Iterable[str]) -> None:
        there = ", ".join(carriers) or "none, so far"
        words = f"the carriers that collected cash are: {there}"
        super().__init__(f"No bills of {provider} are taken; {words}.")
        self.errors = {"provider": [f"Only bills of carriers are taken: {there}."]}


class BillUnreadable(PaymentError):
    """Something in a bill is wrong, and so nothing of it counts; ``errors`` tells where."""

    code = "bill_unreadable"
    status = 422

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        where = next(iter(errors))
        super().__init__(f"The bill is refused: {where}: {errors[where][0]}")
        self.errors = errors


class BillDiffers(PaymentError):
    """The carrier's bill of this reference was handed in before, with another content."""

    code = "bill_differs"

    def __init__(self, provider: str, reference: str) -> None:
        words = "was handed in before with another content"
        super().__init__(f"The bill {reference} of {provider} {words}.")
        self.reference = reference


class SimulatorSilent(PaymentError):
    """The pretend card provider has no secret to sign with, or is not there."""

    code = "simulator_silent"

    def __init__(self) -> None:
        super().__init__("The pretend card provider needs PAYMENT_STRIPE_WEBHOOK_SECRET.")


class CallbackMismatch(PaymentError):
    """A signed callback speaks of another amount than the payment it names (P5)."""

    code = "callback_mismatch"
    status = 422

    def __init__(self, payment_id: str, told: Money, ours: Money) -> None:
        words = f"{spoken(told)} of the payment {payment_id} over {spoken(ours)}"
        super().__init__(f"The callback says {words}.")
        self.payment_id = payment_id


class IllegalTransition(PaymentError):
    """The state table does not lead there."""

    code = "illegal_transition"

    def __init__(self, what: str, now: str, wanted: str, legal: Iterable[str]) -> None:
        ways = ", ".join(sorted(legal)) or "nothing: it is over"
        super().__init__(f"The {what} is {now} and cannot become {wanted}; only {ways}.")
