"""The test cards of the pretend card provider, named like those of the real one.

    pm_card_visa, pm_card_mastercard, pm_card_unionpay, pm_card_amex    take the money
    pm_card_chargeDeclined...                              refuse it, for the reason in the name
    pm_card_authenticationRequired                         want to see the buyer first (3-D Secure)
    pm_card_authenticationRequiredChargeDeclined...        see the buyer, and refuse all the same
    pm_card_pendingRefund, pm_card_refundFail              pay back late; or at once, and then not

Its own inventions, for what goes wrong in between:

    pm_pretend_silent         takes the money, and the answer is lost
    pm_pretend_lost           the request is lost before anything happens
    pm_pretend_slow           is at it until time passes
    pm_pretend_deafRefund     pays back, and the answer to that is lost
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """How a test card behaves; ``code`` and ``decline_code`` as the real provider's."""

    code: str | None = None
    decline_code: str | None = None
    sees_buyer: bool = False
    slow: bool = False
    loses_request: bool = False
    loses_answer: bool = False
    refund: str = "succeeded"
    refund_ends: str = "succeeded"
    loses_refund_answer: bool = False


def _declined(decline_code: str, *, code: str = "card_declined", sees_buyer: bool = False) -> Card:
    return Card(code=code, decline_code=decline_code, sees_buyer=sees_buyer)


CARDS: Final = {
    "pm_card_visa": Card(),
    "pm_card_mastercard": Card(),
    "pm_card_unionpay": Card(),
    "pm_card_amex": Card(),
    "pm_card_chargeDeclined": _declined("generic_decline"),
    "pm_card_chargeDeclinedInsufficientFunds": _declined("insufficient_funds"),
    "pm_card_chargeDeclinedLostCard": _declined("lost_card"),
    "pm_card_chargeDeclinedStolenCard": _declined("stolen_card"),
    "pm_card_chargeDeclinedExpiredCard": _declined("expired_card", code="expired_card"),
    "pm_card_chargeDeclinedIncorrectCvc": _declined("incorrect_cvc", code="incorrect_cvc"),
    "pm_card_chargeDeclinedProcessingError": _declined("processing_error", code="processing_error"),
    "pm_card_authenticationRequired": Card(sees_buyer=True),
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": _declined(
        "insufficient_funds", sees_buyer=True
    ),
    "pm_card_pendingRefund": Card(refund="pending"),
    "pm_card_refundFail": Card(refund_ends="failed"),
    "pm_pretend_silent": Card(loses_answer=True),
    "pm_pretend_lost": Card(loses_request=True),
    "pm_pretend_slow": Card(slow=True),
    "pm_pretend_deafRefund": Card(loses_refund_answer=True),
}

# The real provider's test numbers (docs.stripe.com/testing), each with its brand and the card above
# whose ways it has. They are nobody's, and a pretend provider takes no others.
NUMBERS: Final = {
    "4242424242424242": ("visa", "pm_card_visa"),
    "5555555555554444": ("mastercard", "pm_card_mastercard"),
    "6200000000000005": ("unionpay", "pm_card_unionpay"),
    "378282246310005": ("amex", "pm_card_amex"),
    "4000000000000002": ("visa", "pm_card_chargeDeclined"),
    "4000000000009995": ("visa", "pm_card_chargeDeclinedInsufficientFunds"),
    "4000000000009987": ("visa", "pm_card_chargeDeclinedLostCard"),
    "4000000000009979": ("visa", "pm_card_chargeDeclinedStolenCard"),
    "4000000000000069": ("visa", "pm_card_chargeDeclinedExpiredCard"),
    "4000000000000127": ("visa", "pm_card_chargeDeclinedIncorrectCvc"),
    "4000000000000119": ("visa", "pm_card_chargeDeclinedProcessingError"),
    "4000002760003184": ("visa", "pm_card_authenticationRequired"),
    "4000008260003178": (
        "visa",
        "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
    ),
    "4000000000007726": ("visa", "pm_card_pendingRefund"),
    "4000000000005126": ("visa", "pm_card_refundFail"),
}
