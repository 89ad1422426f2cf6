"""Row 60: a card is checked before it is sent on, and its number stays at the provider."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug import Request
from werkzeug.test import Client, EnvironBuilder

from payment_service import testing
from payment_service.domain.card import has_check_digit, looks_like_card_number
from payment_service.outside.pretend_stripe import KEY, PretendStripe
from payment_service.outside.pretend_stripe_cards import CARDS, NUMBERS
from payment_service.outside.pretend_stripe_form import PATH, PUBLISHABLE_KEY
from payment_service.outside.pretend_stripe_life import Refusal

VISA = "4242424242424242"
AMEX = "378282246310005"
NOBODYS_TEST_CARD = "4111111111111111"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)  # when a ManualClock starts
FORM = "/dev/simulators/stripe/v1/payment_methods"


def a_card(number: str = VISA, **changes: str) -> dict[str, str]:
    card = {"number": number, "exp_month": "12", "exp_year": "2030", "cvc": "737"} | changes
    named = {f"card[{name}]": text for name, text in card.items()}
    return {"type": "card", "key": PUBLISHABLE_KEY, **named}


@pytest.fixture
def pretend(tmp_path: Path) -> PretendStripe:
    return PretendStripe(tmp_path / "stripe.db", pages="http://pages")


def fills_in(pretend: PretendStripe, form: dict[str, str], **more: Any) -> Any:
    """A token at the provider itself."""
    request = Request(EnvironBuilder(method="POST", path=PATH, data=form, **more).get_environ())
    return pretend.fills_in(request, NOW)


def refused(pretend: PretendStripe, form: dict[str, str], **more: Any) -> Refusal:
    with pytest.raises(Refusal) as found:
        fills_in(pretend, form, **more)
    return found.value


WRONG = [
    ({"number": "4242424242424241"}, "incorrect_number", "number"),
    ({"number": "42424242422"}, "incorrect_number", "number"),
    ({"number": "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢"}, "incorrect_number", "number"),
    ({"number": ""}, "incorrect_number", "number"),
    ({"exp_month": "13"}, "invalid_expiry_month", "exp_month"),
    ({"exp_month": ""}, "invalid_expiry_month", "exp_month"),
    ({"exp_year": "95"}, "invalid_expiry_year", "exp_year"),
    ({"exp_year": "1995"}, "invalid_expiry_year", "exp_year"),
    ({"exp_year": "2025"}, "expired_card", "exp_year"),
    ({"exp_month": "10", "exp_year": "26"}, "expired_card", "exp_year"),
    ({"cvc": "99"}, "invalid_cvc", "cvc"),
    ({"cvc": "7373"}, "invalid_cvc", "cvc"),
    ({"number": AMEX, "cvc": "737"}, "invalid_cvc", "cvc"),
    ({"number": NOBODYS_TEST_CARD}, "card_declined", "number"),
]


@pytest.mark.parametrize(("changes", "code", "param"), WRONG)
def test_row_60_what_cannot_be_a_card_gets_no_token_and_hears_why(
    pretend: PretendStripe, changes: dict[str, str], code: str, param: str
) -> None:
    said = refused(pretend, a_card(**changes))

    assert (said.status, said.body["type"]) == (402, "card_error")
    assert (said.body["code"], said.body["param"]) == (code, param)
    assert not looks_like_card_number(json.dumps(said.body))


def test_a_card_gives_a_token_that_tells_brand_and_last_four_digits(pretend: PretendStripe) -> None:
    said = fills_in(pretend, a_card("4242 4242-4242 4242", exp_month="11", exp_year="26"))

    assert (said["object"], said["type"]) == ("payment_method", "card")
    assert said["card"] == {"brand": "visa", "last4": "4242", "exp_month": 11, "exp_year": 2026}
    assert said["id"].startswith("pm_")
    assert fills_in(pretend, a_card(AMEX, cvc="7373"))["card"]["brand"] == "amex"


def test_every_test_number_is_a_number_and_has_the_ways_of_a_named_card() -> None:
    assert [number for number in NUMBERS if not has_check_digit(number)] == []
    assert {ways for _, ways in NUMBERS.values()} <= CARDS.keys()


def test_the_form_takes_the_publishable_key_alone_and_that_key_opens_nothing_else(
    pretend: PretendStripe,
) -> None:
    browser = Client(pretend)
    without = {name: text for name, text in a_card().items() if name != "key"}

    def asked_by(key: str, path: str = PATH) -> int:
        headers = {"Authorization": f"Bearer {key}"}
        return browser.post(path, data=without, headers=headers).status_code

    assert [browser.post(PATH, data=without).status_code, asked_by(KEY)] == [403, 403]
    assert asked_by(PUBLISHABLE_KEY) == 200
    assert asked_by(PUBLISHABLE_KEY, "/v1/refunds") == 401
    slip = browser.post(PATH, data=a_card("4242424242424241"))
    assert (slip.status_code, json.loads(slip.text)["error"]["code"]) == (402, "incorrect_number")


@pytest.mark.parametrize(
    "form", [{"card": "1"}, {"card[name]": "Ann"}, {"x": "1"}, {"type": "bank"}]
)
def test_what_is_no_card_form_is_refused(pretend: PretendStripe, form: dict[str, str]) -> None:
    assert refused(pretend, a_card() | form).status == 400


def test_a_card_in_the_address_is_refused_since_addresses_are_logged(
    pretend: PretendStripe,
) -> None:
    assert refused(pretend, a_card(), query_string={"card[number]": VISA}).status == 400


# Through the shop's door, as a browser of a development shop does


def types(till: Any, form: dict[str, str]) -> Any:
    return till.bench.client().send("POST", FORM, data=form)


def test_row_60_tokens_of_the_form_pay_and_are_refused_as_the_named_test_cards_are(
    small_till: Any,
) -> None:
    small_till.hears(testing.payable())

    def pays(number: str) -> dict[str, Any]:
        return dict(small_till.pays(types(small_till, a_card(number)).get_json()["id"]))

    poor, stolen, seen = map(pays, ("4000000000009995", "4000000000009979", "4000002760003184"))
    paid = pays(VISA)

    assert [poor["code"], stolen["code"]] == ["insufficient_funds", "card_declined"]
    assert (seen["status"], seen["action"]["type"]) == ("action_required", "redirect")
    assert paid["status"] == "captured"
    assert [one.amount for one in small_till.stripe.captures()] == [testing.TOTAL]
    assert small_till.complaints() == []


def test_a_card_is_good_to_the_end_of_its_month_by_the_shops_clock(small_till: Any) -> None:
    card = a_card(exp_month="11", exp_year="2026")

    small_till.bench.clock.advance(timedelta(days=8))
    assert types(small_till, card).status_code == 200
    small_till.bench.clock.advance(timedelta(days=1))

    over = types(small_till, card)
    assert (over.status_code, over.get_json()["code"]) == (402, "expired_card")
    assert list(over.get_json()["errors"]) == ["exp_year"]


def test_row_60_no_card_number_is_kept_or_logged(
    small_till: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    small_till.hears(testing.payable())

    token = types(small_till, a_card()).get_json()["id"]
    types(small_till, a_card(NOBODYS_TEST_CARD))
    types(small_till, a_card() | {"card[number]": VISA, "x": "1"})
    headers = {"Idempotency-Key": "k"}
    small_till.bench.client().send("POST", FORM, data=a_card(), headers=headers)
    assert small_till.pays(token)["status"] == "captured"

    with small_till.stripe.book.reading() as book:
        kept = book.execute("SELECT * FROM cards WHERE token = ?", (token,)).fetchall()
    assert kept == [(token, "visa", "4242", "pm_card_visa")]
    url = small_till.bench.runtime.settings.database_url.reveal()
    books = [*tmp_path.rglob("*.db*"), *Path(url.removeprefix("sqlite:///")).parent.glob("*")]
    written = [path.read_bytes() for path in books if path.is_file()]
    for known in (token, "o-1"):  # these are the books: the provider's and ours
        assert any(known.encode() in content for content in written)
    for number in (VISA, NOBODYS_TEST_CARD):
        assert not [content for content in written if number.encode() in content]
        assert number not in caplog.text
