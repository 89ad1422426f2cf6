"""The provider's SDK over a real socket and in process, and what no answer may make it believe."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from payment_service.outside.pretend_stripe import ADDRESS, KEY, InProcessWire, PretendStripe
from payment_service.outside.provider import (
    Captured,
    Declined,
    ProviderUnavailable,
    RefundDeclined,
    Refunded,
    Wanted,
)
from payment_service.outside.stripe_provider import StripeProvider
from payment_service.outside.stripe_wire import LARGEST_ANSWER_BYTES, HttpWire
from payment_service.testing import TOTAL, cny

BACK = "http://127.0.0.1/"


def wanted(key: str = "p-1", **more: Any) -> Wanted:
    return Wanted(key=key, amount=TOTAL, **more)


@pytest.fixture
def pretend(tmp_path: Path) -> PretendStripe:
    return PretendStripe(tmp_path / "stripe.db", pages="http://pages")


@pytest.fixture
def provider(pretend: PretendStripe) -> StripeProvider:
    return StripeProvider(KEY, wire=InProcessWire(pretend), return_url=BACK, url=ADDRESS)


@contextmanager
def served(app: Callable[..., Iterable[bytes]], key: str = KEY) -> Iterator[StripeProvider]:
    """The SDK against ``app`` on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    wire = HttpWire()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        yield StripeProvider(key, wire=wire, return_url=BACK, url=url)
    finally:
        wire.close()
        server.shutdown()
        thread.join(10)
        server.server_close()


def announced(provider: StripeProvider, key: str = "p-1") -> Wanted:
    ref = provider.announce(wanted(key))
    assert isinstance(ref, str)
    return wanted(key, ref=ref)


def test_over_a_socket_a_payment_is_taken_refused_paid_back_and_found_again(
    pretend: PretendStripe,
) -> None:
    with served(pretend) as provider:
        paid, refused = announced(provider), announced(provider, "p-2")

        taken = provider.capture(paid, "pm_card_visa")
        declined = provider.capture(refused, "pm_card_chargeDeclinedInsufficientFunds")
        back = [provider.refund("r-1", paid.ref or "", cny("9.99")) for _ in range(2)]

        assert taken == provider.query(paid) == Captured(provider_ref=paid.ref, amount=TOTAL)
        assert declined == Declined(code="insufficient_funds", may_retry=True)
        assert isinstance(back[0], Refunded)
        assert back[0] == back[1]
        assert provider.refund("r-2", paid.ref or "", TOTAL) == RefundDeclined(
            code="refund_refused"
        )
    assert [(one.key, one.amount) for one in pretend.captures()] == [("p-1", TOTAL)]
    assert [(one.key, one.amount) for one in pretend.refunds()] == [("r-1", cny("9.99"))]


def test_a_wrong_key_is_no_answer_about_money(pretend: PretendStripe) -> None:
    with (
        served(pretend, key="sk_test_wrong") as provider,
        pytest.raises(ProviderUnavailable, match="does not accept our key"),
    ):
        provider.announce(wanted())


def test_announcing_again_gives_the_same_name(provider: StripeProvider) -> None:
    assert provider.announce(wanted()) == provider.announce(wanted())
    with pytest.raises(ProviderUnavailable, match="IdempotencyError"):
        provider.announce(Wanted(key="p-1", amount=cny("1.00")))


def test_giving_up_ends_what_was_not_confirmed_and_nothing_else(provider: StripeProvider) -> None:
    taken, left = announced(provider), announced(provider, "p-2")
    provider.capture(taken, "pm_card_visa")

    assert isinstance(provider.give_up(taken), Captured)
    assert provider.give_up(left) == Declined(code="given_up", may_retry=True)
    assert isinstance(provider.capture(left, "pm_card_visa"), Declined)
    assert provider.give_up(wanted("p-3")) == Declined(code="never_arrived", may_retry=True)


def test_an_amount_the_provider_does_not_take_is_refused_and_no_error(
    provider: StripeProvider,
) -> None:
    said = provider.announce(Wanted(key="p-1", amount=cny("1000000.00")))

    assert isinstance(said, Declined)


def test_a_refund_is_found_among_more_than_fit_a_page(provider: StripeProvider) -> None:
    paid = announced(provider)
    provider.capture(paid, "pm_card_visa")
    first = provider.refund("r-0", paid.ref or "", cny("0.01"))
    for number in range(1, 102):
        provider._api.refunds.create(
            {
                "payment_intent": paid.ref or "",
                "amount": 1,
                "metadata": {"refund_id": f"r-{number}"},
            }
        )

    assert provider.refund("r-0", paid.ref or "", cny("0.01")) == first


def answering(body: object, status: str = "200 OK", **headers: str) -> Callable[..., Any]:
    """A server that answers everything with this."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        del environ
        sent = [("Content-Type", "application/json"), *headers.items()]
        start_response(status, sent)
        return [body if isinstance(body, bytes) else json.dumps(body).encode()]

    return app


INTENT = {
    "id": "pi_1",
    "object": "payment_intent",
    "status": "succeeded",
    "amount": 3000,
    "amount_received": 3000,
    "currency": "cny",
    "metadata": {"payment_id": "p-1"},
}
NO_ANSWERS = {
    "another payment": answering(INTENT | {"metadata": {"payment_id": "p-2"}}),
    "another amount": answering(INTENT | {"amount": 1}),
    "no status": answering(INTENT | {"status": None}),
    "a number for a name": answering(INTENT | {"id": 1}),
    "an unknown currency": answering(INTENT | {"currency": "aud"}),
    "no metadata": answering(INTENT | {"metadata": None}),
    "no object": answering([]),
    "no JSON": answering(b"<html>"),
    "no text": answering(b"\xff\xfe"),
    "an endless answer": answering(b" " * (LARGEST_ANSWER_BYTES + 1)),
    "a redirect": answering({}, "302 Found", Location="http://127.0.0.1:1/"),
    "too many requests": answering({"error": {"type": "rate_limit"}}, "429 Too Many Requests"),
    "its own mistake": answering({"error": {"type": "api_error"}}, "500 Internal Server Error"),
    "not found": answering({"error": {"code": "resource_missing"}}, "404 Not Found"),
}


@pytest.mark.parametrize("app", NO_ANSWERS.values(), ids=NO_ANSWERS.keys())
def test_whatever_is_no_proper_answer_proves_nothing(app: Callable[..., Any]) -> None:
    """OWASP API10: neither taken nor refused, so the ladder asks again."""
    with served(app) as provider, pytest.raises(ProviderUnavailable):
        provider.query(wanted(ref="pi_1"))


def test_nobody_listening_is_no_answer(pretend: PretendStripe) -> None:
    with served(pretend) as provider:
        pass
    with pytest.raises(ProviderUnavailable):
        provider.query(wanted(ref="pi_1"))


def test_the_book_outlives_a_process_that_is_killed_right_after_it_asked(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path;"
        "from payment_service.outside.pretend_stripe import *;"
        "from payment_service.outside.provider import Wanted;"
        "from payment_service.outside.stripe_provider import StripeProvider;"
        "from shop_events import Money;"
        "wire = InProcessWire(PretendStripe(Path(sys.argv[1]), pages=''));"
        "ours = StripeProvider(KEY, wire=wire, return_url='http://h/', url=ADDRESS);"
        "money = Money(3000, 'CNY');"
        "ref = ours.announce(Wanted(key='p-1', amount=money));"
        "ours.capture(Wanted(key='p-1', amount=money, ref=ref), 'pm_card_visa');"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    file = tmp_path / "stripe.db"
    killed = subprocess.run([sys.executable, "-c", code, str(file)], check=False, timeout=60)

    assert killed.returncode == -signal.SIGKILL
    assert [one.key for one in PretendStripe(file, pages="").captures()] == ["p-1"]
