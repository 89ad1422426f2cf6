"""The card form of the pretend card provider: a card goes in, a token comes out.

The real one shows its form in the buyer's browser, so that no number reaches a shop (row 60). What
is typed is checked before a token is given: check digit and length, expiry, security code. Of a
card its brand and last four digits are kept. A number that is no test number is refused, so that
nobody's real card leaves a trace here.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from datetime import datetime
from string import ascii_letters
from typing import Final

from payment_service.domain.card import has_check_digit
from payment_service.outside import pretend_stripe_book as books
from payment_service.outside.pretend_stripe_book import Doc
from payment_service.outside.pretend_stripe_cards import NUMBERS
from payment_service.outside.pretend_stripe_life import Refusal, must_be_among

PATH: Final = "/v1/payment_methods"
PUBLISHABLE_KEY: Final = "pk_test_pretend"  # what browsers know; it opens nothing but this form

_NUMBER: Final = re.compile(r"[0-9]{12,19}")  # ISO/IEC 7812-1
_MONTH: Final = re.compile(r"0?[1-9]|1[0-2]")
_YEAR: Final = re.compile(r"(?:20)?([0-9]{2})")
_FARTHEST_YEARS: Final = 50
_TOKEN_LETTERS: Final = 24


def give_token(book: sqlite3.Connection, params: Doc, *, now: datetime) -> Doc:
    """Check what was typed, and give a token for it.

    Raises:
        Refusal: it cannot be used; ``code`` and ``param`` say what is wrong. No digit is quoted.
    """
    card = _typed(params)
    number = re.sub("[ -]", "", card.get("number", ""))
    if not _NUMBER.fullmatch(number) or not has_check_digit(number):
        raise _wrong("number", "incorrect_number", "Your card number is incorrect.")
    month, year = _expiry(card, now)
    brand, ways = NUMBERS.get(number, ("", ""))
    if not re.fullmatch("[0-9]{4}" if brand == "amex" else "[0-9]{3}", card.get("cvc", "")):
        raise _wrong("cvc", "invalid_cvc", "Your card's security code is invalid.")
    if not ways:
        words = "Your card was declined: no test number, and nothing here takes real ones."
        raise _wrong("number", "card_declined", words, decline_code="test_mode_live_card")
    token, last4 = _new_token(), number[-4:]
    books.save_card(book, token, (brand, last4), ways)
    return {
        "id": token,
        "object": "payment_method",
        "card": {"brand": brand, "last4": last4, "exp_month": month, "exp_year": year},
        "created": int(now.timestamp()),
        "livemode": False,
        "type": "card",
    }


def _typed(params: Doc) -> dict[str, str]:
    must_be_among(params, ("type", "card", "key"))
    card = params.get("card")
    if params.get("type") != "card" or not isinstance(card, dict):
        words = "A card is sent as type=card, with card[number] and the others."
        raise Refusal(400, "invalid_request_error", message=words, code="parameter_missing")
    must_be_among(card, ("number", "exp_month", "exp_year", "cvc"))
    return card


def _expiry(card: dict[str, str], now: datetime) -> tuple[int, int]:
    """Month and year up to whose end the card is good."""
    month, year = card.get("exp_month", ""), _YEAR.fullmatch(card.get("exp_year", ""))
    if not _MONTH.fullmatch(month):
        raise _wrong("exp_month", "invalid_expiry_month", "Your card's expiry month is invalid.")
    ends = (2000 + int(year[1]), int(month)) if year else (0, 0)
    if not year or ends[0] > now.year + _FARTHEST_YEARS:
        raise _wrong("exp_year", "invalid_expiry_year", "Your card's expiry year is invalid.")
    if ends < (now.year, now.month):
        raise _wrong("exp_year", "expired_card", "Your card has expired.")
    return ends[1], ends[0]


def _new_token() -> str:
    """Letters alone: digits might look like a card number, which no token of ours may."""
    return "pm_" + "".join(secrets.choice(ascii_letters) for _ in range(_TOKEN_LETTERS))


def _wrong(param: str, code: str, message: str, **more: str) -> Refusal:
    return Refusal(402, "card_error", message=message, code=code, param=param, **more)
