"""Payment on a bench, with a pretend bank whose book lies in a file of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from chassis.settings import Env, Secret
from chassis.testing import ISSUER_KEY, Bench, Client, shopper
from chassis.testing.databases import KINDS, fresh_database
from chassis.tokens import key_set_of
from payment_service import testing
from payment_service.audit import counter_examples, ledger_balances
from payment_service.config import PaymentSettings
from payment_service.outside.pretend_bank import PretendBank
from payment_service.outside.pretend_stripe import PretendStripe
from payment_service.outside.pretend_stripe_post import How, Post
from payment_service.outside.provider import Outside
from payment_service.service import make_outside, service
from payment_service.store import callbacks
from shop_events import new_id

SECRET = "agreed-with-the-pretend-bank"
STRIPE_SECRET = "whsec_agreed_with_the_card_provider"


class Till:
    """Where Ann pays: the service, the bank, and short words for what happens between them."""

    def __init__(self, bench: Bench, outside: Outside) -> None:
        assert isinstance(outside.by_prefix["tok_"], PretendBank)
        assert outside.pretend_stripe is not None
        self.bench = bench
        self.outside = outside
        self.bank: PretendBank = outside.by_prefix["tok_"]
        self.stripe: PretendStripe = outside.pretend_stripe
        self.post = Post(self.stripe, STRIPE_SECRET)
        self.hears = bench.hears
        self.said = bench.said
        self.advance = bench.advance

    @property
    def ann(self) -> Client:
        return self.bench.client(shopper("ann"))

    def pays(self, token: str = "tok_visa", *, order_id: str = "o-1") -> dict[str, Any]:
        """Ann pays; what she was answered."""
        answer = self.ann.post(
            "/payments", {"order_id": order_id, "method": "card", "card_token": token}
        )
        assert answer.status_code == 201, answer.get_json()
        return answer.get_json()

    def ann_paid(self, token: str = "tok_visa") -> str:
        """An order that is paid and confirmed; its payment's id."""
        self.hears(testing.payable())
        paid = self.pays(token)
        assert paid["status"] == "captured"
        self.hears(testing.confirmed())
        return paid["id"]

    def card_bank_tells(self, how: str = "plain") -> list[int]:
        """The pretend card provider tells what it has not told yet; how each was answered."""
        return self.post.tell(self.sends, How(how), self.bench.clock.now())

    def sends(self, raw: bytes, headers: Mapping[str, str]) -> int:
        """A callback of the card provider; the status of the answer."""
        path = "/payments/webhooks/stripe"
        return self.bench.client().send("POST", path, data=raw, headers=headers).status_code

    def quarantined(self) -> list[str]:
        """Why each callback in quarantine is there."""
        with self.bench.database.read() as connection:
            return [why for _, why in callbacks.quarantined(connection)]

    def asks_the_bank(self) -> int:
        """Whatever is due to be asked is asked now."""
        return self.bench.do_chores()

    def waits(self, seconds: float) -> None:
        """Time passes, and what is due then happens."""
        self.bench.advance(seconds)
        self.asks_the_bank()

    def status(self, payment_id: str) -> str:
        return str(self.ann.get(f"/payments/{payment_id}").get_json()["status"])

    def balances(self) -> dict[str, int]:
        """What each account holds in fen; accounts that hold nothing are left out."""
        with self.bench.database.read() as connection:
            held = ledger_balances(connection)
        return {account: amount for (account, _), amount in held.items() if amount}

    def complaints(self) -> list[str]:
        """What an auditor finds."""
        return list(counter_examples(self.bench.database, self.bank, self.stripe))


def settings(url: str, folder: Path) -> PaymentSettings:
    return PaymentSettings(
        database_url=Secret(url),
        token_keys=key_set_of(ISSUER_KEY),
        env=Env.DEV,
        pretend_bank_file=folder / f"bank-{new_id()}.db",
        pretend_stripe_file=folder / f"stripe-{new_id()}.db",
        stripe_webhook_secret=Secret(STRIPE_SECRET),
        pretend_webhook_secret=Secret(SECRET),
        commission_bp=500,
    )


def open_till(url: str, folder: Path) -> Till:
    told = settings(url, folder)
    outside = make_outside(told)
    return Till(Bench(service, told, outside=outside), outside)


@pytest.fixture(params=KINDS)
def till(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Till]:
    with fresh_database(service, request) as url:
        till = open_till(url, tmp_path)
        yield till
        till.bench.close()


@pytest.fixture(params=["sqlite"])
def small_till(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Till]:
    """For what has nothing to do with the kind of database."""
    with fresh_database(service, request) as url:
        till = open_till(url, tmp_path)
        yield till
        till.bench.close()
