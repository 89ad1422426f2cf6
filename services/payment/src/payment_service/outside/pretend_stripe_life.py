"""What may become of an intent and a refund at the pretend card provider."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterable
from typing import Any, Final

from payment_service.outside import pretend_stripe_book as books
from payment_service.outside.pretend_stripe_book import Doc
from payment_service.outside.pretend_stripe_cards import CARDS, Card

_CURRENCY: Final = re.compile(r"[a-z]{3}\Z")
_LARGEST: Final = 99_999_999
_OPEN: Final = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})
_UNSEEN: Final = "payment_intent_authentication_failure"


class Refusal(Exception):
    """An error object, as the provider words it."""

    def __init__(self, status: int, kind: str, *, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"type": kind, "message": message, **more}


def must_be_among(params: Doc, known: Iterable[str]) -> None:
    """Refuse parameters that a call does not know.

    Raises:
        Refusal: the first of them.
    """
    for name in params:
        if name not in known:
            raise _invalid("parameter_unknown", f"Received unknown parameter: {name}.", name)


def create_intent(book: sqlite3.Connection, params: Doc) -> Doc:
    """A new intent, unconfirmed."""
    must_be_among(params, ("amount", "currency", "metadata", "allowed_payment_method_types"))
    currency = str(params.get("currency", ""))
    if not _CURRENCY.match(currency):
        raise _invalid("parameter_invalid_string", "Invalid currency.", "currency")
    intent = {
        "id": books.name("pi"),
        "object": "payment_intent",
        "amount": _amount(params),
        "amount_received": 0,
        "currency": currency,
        "created": int(time.time()),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "next_action": None,
        "payment_method": None,
        "return_url": None,
        "status": "requires_payment_method",
    }
    books.save_intent(book, intent)
    return intent


def read_intent(book: sqlite3.Connection, params: Doc) -> Doc:
    """An intent as it stands."""
    intent = books.intent(book, params["intent"])
    if intent is None:
        raise _missing("payment_intent", params["intent"])
    return intent


def confirm_intent(book: sqlite3.Connection, params: Doc) -> Doc:
    """Take the money by a card, or say what the card wants first."""
    must_be_among(params, ("payment_method", "return_url", "intent", "pages"))
    intent = read_intent(book, params)
    _must_be_open(intent)
    card = CARDS.get(books.ways_of(book, params.get("payment_method", "")))
    if card is None:
        raise _missing("payment_method", params.get("payment_method", ""))
    intent |= {
        "payment_method": params["payment_method"],
        "return_url": params.get("return_url"),
        "last_payment_error": None,
    }
    if card.sees_buyer:
        url = f"{params['pages']}/3ds/{intent['id']}"
        redirect = {"url": url, "return_url": intent["return_url"]}
        intent |= {
            "status": "requires_action",
            "next_action": {"type": "redirect_to_url", "redirect_to_url": redirect},
        }
        _say(book, "payment_intent.requires_action", intent)
    else:
        _finish(book, intent, card)
    if intent["last_payment_error"]:
        raise Refusal(402, **_split(intent["last_payment_error"]), payment_intent=intent)
    return intent


def go_on(book: sqlite3.Connection, intent: Doc, *, approved: bool) -> None:
    """The buyer was seen, and approved or refused."""
    if approved:
        _finish(book, intent, _card_of(book, intent))
    else:
        _fail(book, intent, code=_UNSEEN)


def cancel_intent(book: sqlite3.Connection, params: Doc) -> Doc:
    """Never take the money, unless that has happened or begun."""
    must_be_among(params, ("intent",))
    intent = read_intent(book, params)
    _must_be_open(intent)
    intent |= {"status": "canceled", "next_action": None}
    _say(book, "payment_intent.canceled", intent)
    return intent


def create_refund(book: sqlite3.Connection, params: Doc) -> Doc:
    """Pay back, at most what was taken."""
    must_be_among(params, ("payment_intent", "amount", "metadata"))
    intent = read_intent(book, {"intent": params.get("payment_intent", "")})
    amount, left = _amount(params), intent["amount_received"] - books.gone_back(book, intent["id"])
    if left <= 0:
        raise _invalid("charge_already_refunded", "The charge has already been refunded.")
    if amount > left:
        raise _invalid("amount_too_large", "Refund amount is greater than unrefunded amount.")
    refund = {
        "id": books.name("re"),
        "object": "refund",
        "amount": amount,
        "charge": intent["latest_charge"],
        "currency": intent["currency"],
        "metadata": params.get("metadata", {}),
        "payment_intent": intent["id"],
        "status": _card_of(book, intent).refund,
    }
    books.save_refund(book, refund)
    _say(book, "refund.created", refund)
    _say(book, "charge.refunded", _charge(book, intent))
    return refund


def list_refunds(book: sqlite3.Connection, params: Doc) -> Doc:
    """The refunds of an intent, a page at a time."""
    must_be_among(params, ("payment_intent", "limit", "starting_after"))
    found = books.refunds(book, params.get("payment_intent", ""))
    names = [one["id"] for one in found]
    start = names.index(params["starting_after"]) + 1 if params.get("starting_after") else 0
    limit = int(params.get("limit", "10"))
    page = found[start : start + limit]
    more = start + limit < len(found)
    return {"object": "list", "url": "/v1/refunds", "has_more": more, "data": page}


def end_all(book: sqlite3.Connection) -> int:
    """What takes its time comes to its end; how many things did."""
    ended = 0
    for intent in books.intents(book):
        if intent["status"] == "processing":
            _take(book, intent)
            ended += 1
    for refund in books.refunds(book):
        intent = read_intent(book, {"intent": refund["payment_intent"]})
        end = _card_of(book, intent).refund_ends
        if refund["status"] in ("pending", "succeeded") and refund["status"] != end:
            refund["status"] = end
            books.save_refund(book, refund)
            _say(book, "refund.failed" if end == "failed" else "refund.updated", refund)
            ended += 1
    return ended


def never_arrives(params: Doc) -> bool:
    """Whether the card has the request lost before anything happens."""
    card = CARDS.get(params.get("payment_method", ""))
    return card is not None and card.loses_request


def is_lost(book: sqlite3.Connection, answer: Doc) -> bool:
    """Whether the first answer gets lost on its way."""
    if answer.get("object") == "refund":
        intent = read_intent(book, {"intent": answer["payment_intent"]})
        return _card_of(book, intent).loses_refund_answer
    taken = answer.get("object") == "payment_intent" and answer["status"] == "succeeded"
    return taken and _card_of(book, answer).loses_answer


def _card_of(book: sqlite3.Connection, intent: Doc) -> Card:
    return CARDS[books.ways_of(book, intent["payment_method"])]


def _finish(book: sqlite3.Connection, intent: Doc, card: Card) -> None:
    intent["next_action"] = None
    if card.code:
        _fail(book, intent, code=card.code, decline_code=card.decline_code)
    elif card.slow:
        intent["status"] = "processing"
        _say(book, "payment_intent.processing", intent)
    else:
        _take(book, intent)


def _take(book: sqlite3.Connection, intent: Doc) -> None:
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": books.name("ch"),
    }
    _say(book, "payment_intent.succeeded", intent)


def _fail(book: sqlite3.Connection, intent: Doc, **error: str | None) -> None:
    said = {name: text for name, text in error.items() if text}
    intent |= {
        "status": "requires_payment_method",
        "next_action": None,
        "last_payment_error": {"type": "card_error", "message": "The card was refused.", **said},
    }
    _say(book, "payment_intent.payment_failed", intent)


def _say(book: sqlite3.Connection, kind: str, about: Doc) -> None:
    if about["object"] == "payment_intent":
        books.save_intent(book, about)
    books.add_event(book, kind, about, created=int(time.time()))


def _charge(book: sqlite3.Connection, intent: Doc) -> Doc:
    back = books.gone_back(book, intent["id"])
    return {
        "id": intent["latest_charge"],
        "object": "charge",
        "amount": intent["amount"],
        "amount_refunded": back,
        "currency": intent["currency"],
        "metadata": intent["metadata"],
        "payment_intent": intent["id"],
        "refunded": back == intent["amount"],
    }


def _must_be_open(intent: Doc) -> None:
    if intent["status"] not in _OPEN:
        words = f"This PaymentIntent has a status of {intent['status']}."
        raise _invalid("payment_intent_unexpected_state", words, payment_intent=intent)


def _amount(params: Doc) -> int:
    text = str(params.get("amount", ""))
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text[:12]) <= _LARGEST:
        raise _invalid("parameter_invalid_integer", "Invalid integer.", "amount")
    return int(text)


def _split(error: Doc) -> Doc:
    return {"kind": error["type"], **{name: error[name] for name in error if name != "type"}}


def _invalid(code: str, message: str, param: str | None = None, **more: Any) -> Refusal:
    return Refusal(400, "invalid_request_error", message=message, code=code, param=param, **more)


def _missing(what: str, name: str) -> Refusal:
    words = f"No such {what}: '{name[:64]}'."
    return Refusal(404, "invalid_request_error", message=words, code="resource_missing", param=what)
