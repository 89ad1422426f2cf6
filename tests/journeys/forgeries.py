"""Messages as partners send them, and what somebody without their secret makes of one."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from shop_events import new_id
from shop_suite.settings import CARRIERS, secret_of

STRIPE: Final = "stripe"
OUTSIDE_THE_WINDOW: Final = timedelta(seconds=301)  # SECURITY.md part 4: 300 s either way
UNTIL_IT_IS_HEARD: Final = timedelta(minutes=1)  # the town's clock goes on meanwhile
IN_CHINA: Final = timedelta(hours=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What arrives at one of the shop's webhooks; ``signer`` has the secret it is signed with."""

    path: str
    raw: bytes
    signer: str
    at: datetime
    headers: tuple[tuple[str, str], ...] = ()

    def signed(self) -> Letter:
        """With the headers that its signer puts on it."""
        stamp = str(int(self.at.timestamp()))
        secret = secret_of(self.signer).encode()
        mark = hmac.new(secret, stamp.encode() + b"." + self.raw, hashlib.sha256).hexdigest()
        if self.path.endswith(f"/{STRIPE}"):
            return replace(self, headers=(("Stripe_Signature", f"t={stamp},v1={mark}"),))
        family = "Pretend" if self.path.endswith("payments/webhooks/pretend") else "X_Webhook"
        pair = ((f"{family}_Timestamp", stamp), (f"{family}_Signature", mark))
        return replace(self, headers=pair)


def of_the_bank(payment: Any, at: datetime) -> Letter:
    """The first card provider says that it has the money."""
    body = {
        "event_id": new_id(),
        "payment_id": payment["id"],
        "outcome": "captured",
        "amount": payment["amount"],
        "provider_ref": "p-1",
    }
    path = "/payments/webhooks/pretend"
    return Letter(path=path, raw=orjson.dumps(body), signer="bank", at=at).signed()


def of_stripe(payment: Any, intent: str, at: datetime) -> Letter:
    """The second one says so."""
    paid = {
        "id": intent,
        "object": "payment_intent",
        "amount": int(payment["amount"]["amount"].replace(".", "")),
        "currency": "cny",
        "metadata": {"payment_id": payment["id"]},
    }
    body = {
        "id": f"evt_{new_id()}",
        "type": "payment_intent.succeeded",
        "livemode": False,
        "data": {"object": paid},
    }
    path = f"/payments/webhooks/{STRIPE}"
    return Letter(path=path, raw=orjson.dumps(body), signer=STRIPE, at=at).signed()


def of_a_carrier(carrier: str, waybill: str, at: datetime) -> Letter:
    """A carrier says that somebody signed, in its own words."""
    local = f"{at + IN_CHINA:%Y-%m-%d %H:%M:%S}"
    forms: dict[str, dict[str, Any]] = {
        "pretend": {
            "event_id": new_id(),
            "waybill": waybill,
            "state": "signed",
            "place": "上海",
            "at": at.isoformat(),
        },
        "shunda": {
            "pushId": new_id(),
            "nu": waybill,
            "data": [{"time": local, "statusCode": "3", "location": "上海", "signedBy": "Z"}],
        },
        "yunlu": {
            "id": new_id(),
            "mailNo": waybill,
            "op": "POD",
            "opTime": int(at.timestamp()),
            "opCity": "上海",
        },
    }
    path = f"/logistics/webhooks/{carrier}"
    return Letter(path=path, raw=orjson.dumps(forms[carrier]), signer=carrier, at=at).signed()


def _unsigned(letter: Letter) -> Letter:
    return replace(letter, headers=())


def _one_header_less(letter: Letter) -> Letter:
    return replace(letter, headers=letter.headers[1:])


def _emptied(letter: Letter) -> Letter:
    return replace(letter, headers=tuple((name, "") for name, _ in letter.headers))


def _one_byte_changed(letter: Letter) -> Letter:
    place = letter.raw.rindex(b"1")
    return replace(letter, raw=letter.raw[:place] + b"2" + letter.raw[place + 1 :])


def _written_anew(letter: Letter) -> Letter:
    """The same JSON in other bytes: the signature is over bytes."""
    anew = orjson.dumps(orjson.loads(letter.raw), option=orjson.OPT_INDENT_2)
    return replace(letter, raw=anew)


def _with_a_byte_more(letter: Letter) -> Letter:
    return replace(letter, raw=letter.raw + b" ")


def _stale(letter: Letter) -> Letter:
    return replace(letter, at=letter.at - OUTSIDE_THE_WINDOW).signed()


def _of_the_future(letter: Letter) -> Letter:
    return replace(letter, at=letter.at + OUTSIDE_THE_WINDOW + UNTIL_IT_IS_HEARD).signed()


def _made_young(letter: Letter) -> Letter:
    """An old one, whose time was changed after it was signed."""
    now, old = str(int(letter.at.timestamp())), _stale(letter)
    then = str(int(old.at.timestamp()))
    return replace(old, headers=tuple((one, text.replace(then, now)) for one, text in old.headers))


def _of_another_partner(letter: Letter) -> Letter:
    others = [one for one in ("bank", STRIPE, *CARRIERS) if one != letter.signer]
    return replace(letter, signer=others[0]).signed()


def _guessed(letter: Letter) -> Letter:
    return replace(letter, signer="").signed()


WAYS: Final[tuple[Callable[[Letter], Letter], ...]] = (
    _unsigned,
    _one_header_less,
    _emptied,
    _one_byte_changed,
    _written_anew,
    _with_a_byte_more,
    _stale,
    _of_the_future,
    _made_young,
    _of_another_partner,
    _guessed,
)


def forged(letter: Letter) -> Iterator[tuple[str, Letter]]:
    """Each way to spoil or to forge this letter, by its name."""
    for way in WAYS:
        yield way.__name__.strip("_"), way(letter)
