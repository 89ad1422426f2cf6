"""How the pretend card provider tells what happened: signed, late, twice, in any order, or falsely.

The real one tries for three days; so does this one, along a ladder of its own. It tells nothing by
itself unless it was given an address.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

import stripe
import urllib3

from payment_service.outside import pretend_stripe_book as books
from payment_service.outside.pretend_stripe import PretendStripe

HEADER: Final = "Stripe-Signature"
TIMEOUT: Final = urllib3.Timeout(connect=2.0, read=10.0)
_LADDER_S: Final = (5, 60, 300, 3_600, 21_600, 86_400)
_TRIES: Final = 9  # three days

Send = Callable[[bytes, Mapping[str, str]], int]


class How(StrEnum):
    """The ways in which what happened may be told."""

    PLAIN = "plain"
    TWICE = "twice"
    REVERSED = "reversed"  # the latest first
    STALE = "stale"  # signed an hour ago
    FUTURE = "future"  # signed an hour ahead
    FORGED = "forged"  # signed with another secret
    ALTERED = "altered"  # changed after it was signed
    WRITTEN_ANEW = "written_anew"  # the same JSON in other bytes
    UNSIGNED = "unsigned"


class Post:
    """Tells what is in the provider's book, signed with ``secret``."""

    def __init__(self, provider: PretendStripe, secret: str) -> None:
        self._provider = provider
        self._secret = secret

    def tell(self, send: Send, how: How, now: datetime) -> list[int]:
        """Tell all that was not told yet, in this way; the status of each answer.

        What was taken (2xx) is not told again, but for `How.TWICE`, which tells it at once.
        """
        with self._provider.book.reading() as book:
            untold = books.events(book)
        if how is How.REVERSED:
            untold.reverse()
        answers = []
        for event_id, body, _ in untold:
            times = 2 if how is How.TWICE else 1
            answers += [self._tell(send, event_id, body, how=how, now=now) for _ in range(times)]
        return answers

    def tell_due(self, send: Send, now: datetime) -> int:
        """Tell what is due to be told or told again; how much that was."""
        with self._provider.book.reading() as book:
            due = books.events(book, due=now.timestamp())
        for event_id, body, attempts in due:
            status = self._tell(send, event_id, body, how=How.PLAIN, now=now)
            if not 200 <= status < 300:
                self._put_off(event_id, attempts, now)
        return len(due)

    def signed(self, body: str, how: How, now: datetime) -> tuple[bytes, dict[str, str]]:
        """A message as it goes out: its bytes and its headers."""
        away = {How.STALE: -3_600, How.FUTURE: 3_600}.get(how, 0)
        secret = "whsec_somebody_elses" if how is How.FORGED else self._secret
        signature = stripe.WebhookSignature.generate_signature_header(
            body, secret, int(now.timestamp()) + away
        )
        headers = {"Content-Type": "application/json; charset=utf-8", HEADER: signature}
        if how is How.UNSIGNED:
            del headers[HEADER]
        return _spoilt(body, how).encode(), headers

    def _tell(self, send: Send, event_id: str, body: str, *, how: How, now: datetime) -> int:
        status = send(*self.signed(body, how, now))
        if 200 <= status < 300:
            with self._provider.book.writing() as book:
                books.note_told(book, event_id)
        return status

    def _put_off(self, event_id: str, attempts: int, now: datetime) -> None:
        with self._provider.book.writing() as book:
            if attempts + 1 >= _TRIES:
                books.note_told(book, event_id)  # nobody listens: the ladder of queries will ask
            else:
                wait_s = _LADDER_S[min(attempts, len(_LADDER_S) - 1)]
                books.put_off(book, event_id, now.timestamp() + wait_s)


def over_http(url: str) -> Send:
    """Sends to ``url``; no answer counts as 503."""
    pool = urllib3.PoolManager(retries=False, timeout=TIMEOUT)

    def send(raw: bytes, headers: Mapping[str, str]) -> int:
        try:
            return int(pool.request("POST", url, body=raw, headers=headers).status)
        except urllib3.exceptions.HTTPError:
            return 503

    return send


def _spoilt(body: str, how: How) -> str:
    if how is How.ALTERED:
        return body.replace('"livemode": false', '"livemode": true', 1)
    return json.dumps(json.loads(body), indent=1) if how is How.WRITTEN_ANEW else body


def events_of(provider: PretendStripe) -> Iterator[dict[str, object]]:
    """What was not told yet, as it would be; for tests."""
    with provider.book.reading() as book:
        yield from (json.loads(body) for _, body, _ in books.events(book))
